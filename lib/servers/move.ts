import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { serverRow } from "./find.ts";
import { updateServer } from "./update.ts";

/**
 * Another name or port for a server, everything else as it is: what a test proposes ("use mail.hosting.example as host").
 * @throws DomainError what updateServer says
 */
export async function moveServer(
  s: Services,
  o: { who: Who; server: string; host?: string | undefined; port?: number | undefined },
): Promise<void> {
  requireRight(o.who, "servers.write");
  const row = await serverRow(s.db, { organization: o.who.organization, server: o.server });
  const { kind, name, host, port, encryption, auth, username, fromName, fromAddress, envelopeFrom, zone } = row;
  if (kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
  await updateServer(s, {
    ...{ who: o.who, server: row.id, kind, name, encryption, auth, fromName, fromAddress, envelopeFrom, zone },
    ...{ host: o.host ?? host, port: o.port ?? port, username: username ?? undefined },
  });
}
