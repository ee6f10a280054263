import { and, desc, eq, lt } from "drizzle-orm";
import { simpleParser } from "mailparser";
import { sandboxMessages } from "../../db/schema/servers.ts";
import { open } from "../crypto/sealed.ts";
import { isUuid } from "../crypto/uuid.ts";
import { Forbidden, NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** A message of the sandbox in a list. `open` false: mail to staff, which the operator alone reads; the rest of the row is then empty. */
export type SandboxRow = {
  id: string;
  from: string;
  to: string;
  subject: string;
  at: Date;
  size: number;
  staff: boolean;
  open: boolean;
};

/** A message as it is shown: what a reader would see, and what it is made of. */
export type SandboxMessage = {
  id: string;
  from: string;
  to: string;
  subject: string;
  at: Date;
  /** To be shown in a sandboxed frame only. */
  html: string | null;
  text: string | null;
  headers: { name: string; value: string }[];
  source: string;
};

const place = (id: string, column: string) => ({ table: "sandbox_messages", row: id, column });
const PAGE = 50;

/**
 * What the sandbox took for the caller's organization, newest first.
 * @param o.before id of the last row of the page before
 */
export async function listSandbox(
  s: Services,
  o: { who: Who; before?: string; limit?: number },
): Promise<SandboxRow[]> {
  requireRight(o.who, "campaigns.see");
  const older = o.before && isUuid(o.before) ? lt(sandboxMessages.id, o.before) : undefined;
  const { id, staff, head, size, receivedAt } = sandboxMessages;
  const rows = await s.db
    .select({ id, staff, head, size, receivedAt })
    .from(sandboxMessages)
    .where(and(eq(sandboxMessages.organization, o.who.organization), older))
    .orderBy(desc(sandboxMessages.id))
    .limit(o.limit ?? PAGE);
  return rows.map((row) => {
    const closed = row.staff === "yes" && !o.who.operator;
    const said = closed
      ? { from: "", to: "", subject: "" }
      : (JSON.parse(open(s.keys, place(row.id, "head"), row.head).toString()) as Pick<
          SandboxRow,
          "from" | "to" | "subject"
        >);
    const to = seesAddresses(o.who) || closed ? said.to : maskAddress(said.to);
    return {
      id: row.id,
      ...said,
      to,
      at: row.receivedAt,
      size: row.size,
      staff: row.staff === "yes",
      open: !closed && seesAddresses(o.who),
    };
  });
}

/**
 * One message, parsed and whole.
 * @throws NotFound · Forbidden for staff mail (reset, invitation, alert) unless the caller is the operator, and for who sees addresses masked
 */
export async function readSandbox(s: Services, o: { who: Who; id: string }): Promise<SandboxMessage> {
  requireRight(o.who, "campaigns.see");
  if (!isUuid(o.id)) throw new NotFound("message");
  const mine = and(eq(sandboxMessages.id, o.id), eq(sandboxMessages.organization, o.who.organization));
  const [row] = await s.db.select().from(sandboxMessages).where(mine);
  if (!row) throw new NotFound("message");
  if (row.staff === "yes" ? !o.who.operator : !seesAddresses(o.who)) throw new Forbidden("installation");
  const source = open(s.keys, place(row.id, "source"), row.source);
  const head = JSON.parse(open(s.keys, place(row.id, "head"), row.head).toString()) as {
    from: string;
    to: string;
    subject: string;
  };
  const parsed = await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true });
  return {
    ...head,
    id: row.id,
    at: row.receivedAt,
    html: parsed.html || null,
    text: parsed.text ?? null,
    headers: parsed.headerLines.map(({ line }) => {
      const [, name = "", value = ""] = /^([^:]*):\s*([\s\S]*)$/.exec(line) ?? [];
      return { name, value: value.replace(/\r?\n[ \t]+/g, " ") };
    }),
    source: source.toString("utf8"),
  };
}
