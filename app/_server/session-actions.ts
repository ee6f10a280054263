"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { isUuid } from "../../lib/crypto/uuid.ts";
import { endSession } from "../../lib/users/end-session.ts";
import { switchOrganization as switchTo } from "../../lib/users/switch-organization.ts";
import { dropSession } from "./auth.ts";
import { fromOurPages } from "./origin.ts";
import { services } from "./services.ts";
import { currentSession } from "./session.ts";

/** Ends the session in the table and in the browser. */
export async function signOut(): Promise<void> {
  const s = await services();
  if (!fromOurPages(await headers(), s.config.APP_URL)) return;
  const session = await currentSession();
  if (session) await endSession(s.db, { session: session.id, reason: "sign_out" });
  await dropSession(s.config);
  redirect("/sign-in");
}

/** Goes on in another organization. Its first page: what is open belongs to the one before. */
export async function switchOrganization(form: FormData): Promise<void> {
  const s = await services();
  const [session, organization] = [await currentSession(), form.get("organization")];
  if (!fromOurPages(await headers(), s.config.APP_URL) || !session) redirect("/sign-in");
  if (typeof organization === "string" && isUuid(organization))
    await switchTo(s, { who: session.who, session: session.id, organization }).catch(() => undefined);
  redirect("/");
}
