import { eq } from "drizzle-orm";
import { outbox } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { appNow } from "../clock.ts";
import { withinLimits } from "../consent/limits.ts";
import { seal } from "../crypto/sealed.ts";
import { DomainError, NotFound } from "../errors.ts";
import { serverForCampaign } from "../servers/for-organization.ts";
import { inTransaction, type Services } from "../services.ts";
import { addressKey } from "../text/address.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { compile } from "./compile.ts";
import { findCampaign, listsOf, organizationOf } from "./find.ts";
import { keepVersion } from "./keep-version.ts";
import { renderFor } from "./preview.ts";
import { previewPerson } from "./preview-person.ts";

/** B88: a test is a look at one's own mail, not a way to write to somebody. */
const MOST_ADDRESSES = 10;
const MOST_AN_HOUR = 50;

/**
 * Sends a draft, as it stands, to the caller's own address, through the same server as the campaign. Keeps the version that was sent.
 * The link to leave in it belongs to nobody.
 *
 * @param to addresses as typed; anything but the caller's own is refused
 * @returns the address that it goes to
 * @throws TEST_TOO_MANY · TEST_NOT_OWN · TEST_LIMIT · CAMPAIGN_DOES_NOT_COMPILE · NO_SERVER · NotFound
 */
export async function testSend(s: Services, o: { who: Who; campaign: string; to: string[] }): Promise<string> {
  requireRight(o.who, "campaigns.write");
  if (o.to.length > MOST_ADDRESSES) throw new DomainError("TEST_TOO_MANY", { most: MOST_ADDRESSES });
  return inTransaction(s, async (s) => {
    const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
    const own = await ownAddress(s, o.who);
    if (o.to.length === 0 || o.to.some((typed) => addressKey(typed) !== own)) throw new DomainError("TEST_NOT_OWN");
    const organization = await organizationOf(s.db, o.who.organization);
    const compiled = await compile(s, { source: campaign, organization });
    const errors = compiled.findings.filter((one) => one.level === "error");
    if (errors.length > 0) throw new DomainError("CAMPAIGN_DOES_NOT_COMPILE", { n: errors.length });
    const limit = { scope: `campaign_test:${o.who.user}`, key: Buffer.from(o.who.user), most: MOST_AN_HOUR, hours: 1 };
    if (!(await withinLimits(s.db, [limit]))) throw new DomainError("TEST_LIMIT", { most: MOST_AN_HOUR });
    const at = await appNow(s.db);
    const lists = await listsOf(s.db, campaign.id);
    const person = await previewPerson(s, { who: o.who, campaign, organization, lists });
    const parts = renderFor(s, { campaign, organization, compiled, person });
    await keepVersion(s.db, { campaign, keptFor: "test", at, by: o.who.user });
    const server = await serverForCampaign(s, o.who.organization);
    if (!server) throw new DomainError("NO_SERVER");
    await enqueue(s, { organization: organization.id, server: server.id, at, mail: { to: own, ...parts } });
    return own;
  });
}

async function ownAddress(s: Services, who: Who): Promise<string> {
  const [user] = await s.db.select({ email: users.email }).from(users).where(eq(users.id, who.user));
  if (!user) throw new NotFound("user");
  return user.email;
}

async function enqueue(
  s: Services,
  o: {
    organization: string;
    server: string;
    at: Date;
    mail: { to: string; subject: string; html: string; text: string };
  },
): Promise<void> {
  const id = s.randomId();
  const payload = JSON.stringify({ ...o.mail, headers: { "Auto-Submitted": "auto-generated" } });
  const place = { table: "outbox", row: id, column: "payload" };
  await s.db.insert(outbox).values({
    ...{ id, organization: o.organization, kind: "campaign_test", server: o.server, dueAt: o.at, createdAt: o.at },
    payload: seal(s.keys, place, Buffer.from(payload), s.randomBytes),
  });
}
