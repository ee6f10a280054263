import { type ConnectOptions, connectSmtp, type SmtpConnection } from "../servers/connection.ts";
import { ehloName } from "../servers/ehlo.ts";
import { routeOf } from "../servers/route-of.ts";
import type { Server } from "../servers/types.ts";
import type { Services } from "../services.ts";

/** Where this process runs its own sandbox, and what it lets itself in with. */
export type SandboxAddress = { port: number; secret: string };

/**
 * Opens a connection to a server: to the sandbox of this process, signed in as the organization, or to the address that `checkTarget` allows, asked anew each time.
 * @throws ConnectFailure · DomainError of checkTarget
 */
export async function connectTo(
  s: Services,
  server: Server,
  o: { sandbox?: SandboxAddress | undefined; connect?: ConnectOptions | undefined },
): Promise<SmtpConnection> {
  if (server.kind === "sandbox") {
    if (!o.sandbox) throw new Error("this process runs no sandbox");
    const target = { address: "127.0.0.1", port: o.sandbox.port, servername: "sandbox" };
    const credentials = { user: server.organization, pass: o.sandbox.secret };
    return connectSmtp({ target, encryption: "none", name: ehloName(s.config.PUBLIC_URL), credentials }, o.connect);
  }
  return connectSmtp(await routeOf(s, server), o.connect);
}
