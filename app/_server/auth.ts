import { cookies } from "next/headers";
import type { NextAuthOptions } from "next-auth";
import { decode, encode } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import type { Config } from "../../lib/config.ts";
import type { Services } from "../../lib/services.ts";
import { endSession } from "../../lib/users/end-session.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { SESSION_HOURS } from "../../lib/users/session-life.ts";
import { signIn } from "../../lib/users/sign-in.ts";
import { services } from "./services.ts";
import { sessionCookie } from "./session-cookie.ts";

/** The one place that knows next-auth. Its token holds nothing but the reference of a row in `sessions` (design: it can be revoked). */
const MAX_AGE = SESSION_HOURS * 3600;

/** Options of `/api/auth/*`. `network` is where the request comes from, as our own server saw it. */
export function authOptions(s: Services, network: string | undefined): NextAuthOptions {
  const { name, options } = sessionCookie(s.config);
  return {
    secret: secretOf(s),
    session: { strategy: "jwt", maxAge: MAX_AGE },
    // session.maxAge alone leaves the token valid for 30 days.
    jwt: { maxAge: MAX_AGE },
    cookies: { sessionToken: { name, options } },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        authorize: async (given) => {
          const { email, password } = given ?? {};
          if (typeof email !== "string" || typeof password !== "string") return null;
          const reference = await signIn(s, { email, password, ...(network ? { network } : {}) }).catch(
            () => undefined,
          );
          return reference ? { id: reference } : null;
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id } : { sid: token.sid }),
      // Nobody needs to read who is signed in from there: pages ask the table.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        const session = typeof token?.sid === "string" ? await findSession(s.db, token.sid) : undefined;
        if (session) await endSession(s.db, { session: session.id, reason: "sign_out" });
      },
    },
    logger: {
      error: (code) => s.log.warn("auth", { code }),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** Gives this browser the session of a reference, in the place of whatever it had. Only within an action or a route handler. */
export async function keepSession(s: Services, reference: string): Promise<void> {
  const { name, options } = sessionCookie(s.config);
  const token = await encode({ token: { sid: reference }, secret: secretOf(s), maxAge: MAX_AGE });
  (await cookies()).set(name, token, { ...options, maxAge: MAX_AGE });
}

/** Takes the session from this browser. */
export async function dropSession(config: Config): Promise<void> {
  const { name, options } = sessionCookie(config);
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}

/** The reference that this browser's token holds. What is no token of ours, or was altered, or is too old, is none (B84). */
export async function heldReference(): Promise<string | undefined> {
  const s = await services();
  const token = (await cookies()).get(sessionCookie(s.config).name)?.value;
  return token ? referenceIn(s, token) : undefined;
}

export async function referenceIn(s: Services, token: string): Promise<string | undefined> {
  const held = await decode({ token, secret: secretOf(s) }).catch(() => null);
  return typeof held?.sid === "string" ? held.sid : undefined;
}

const secretOf = (s: Services) => s.keys.sub(s.keys.write, "session").toString("hex");
