import type { Services } from "../services.ts";
import type { Route } from "./connection.ts";
import { ehloName } from "./ehlo.ts";
import { credentialsOf } from "./password.ts";
import { checkTarget } from "./target.ts";
import type { Server } from "./types.ts";

/** How a server of ours is reached: the address that is allowed, asked anew each time, and how one signs in. @throws DomainError of checkTarget */
export async function routeOf(s: Services, server: Server): Promise<Route> {
  const credentials = credentialsOf(s, server);
  return {
    target: await checkTarget(s, server),
    ...{ encryption: server.encryption, name: ehloName(s.config.PUBLIC_URL) },
    ...(credentials ? { credentials } : {}),
    ...(server.pinSha256 ? { pin: server.pinSha256 } : {}),
  };
}
