import { open, seal } from "../crypto/sealed.ts";
import type { Services } from "../services.ts";
import type { Credentials } from "./connection.ts";
import { accessToken } from "./oauth.ts";
import type { Server } from "./types.ts";

const place = (server: string) => ({ table: "servers", row: server, column: "password" });

/** Seals the password of a mailbox under `at-rest` (formats.md §7): the key lies outside the database. */
export function sealPassword(s: Services, server: string, password: string): Buffer {
  return seal(s.keys, place(server), Buffer.from(password), s.randomBytes);
}

/** What a connection signs in with; undefined where the server knows us by our address. */
export function credentialsOf(s: Services, server: Server): Credentials | undefined {
  if (!server.username) return undefined;
  if (server.auth === "oauth2")
    return { user: server.username, token: (not) => accessToken(s, { server: server.id, not }) };
  if (server.auth !== "password" || !server.password) return undefined;
  return { user: server.username, pass: open(s.keys, place(server.id), server.password).toString() };
}
