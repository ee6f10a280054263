import type { Config } from "../../lib/config.ts";

/**
 * Name and attributes of the session's cookie. Over https a `__Host-` one: no other host and no path can set it (ASVS 3.3.3).
 * Over http the name has the port in it: cookies know no ports, and two copies on one machine must not meet.
 */
export function sessionCookie(config: Pick<Config, "APP_URL">) {
  const url = new URL(config.APP_URL);
  const secure = url.protocol === "https:";
  return {
    name: secure ? "__Host-session" : `session-${url.port || "80"}`,
    options: { httpOnly: true, secure, sameSite: "lax" as const, path: "/" },
  };
}
