import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { compile } from "./compile.ts";
import { startersOf } from "./create.ts";
import { type Campaign, organizationOf } from "./find.ts";
import { renderFor } from "./preview.ts";
import { previewPerson } from "./preview-person.ts";

/**
 * A starter as a reader would see it, with the organization's identity: the thumbnail on the page of a new campaign.
 * @throws NotFound
 */
export async function starterPreview(s: Services, o: { who: Who; starter: string }): Promise<string> {
  requireRight(o.who, "campaigns.see");
  const organization = await organizationOf(s.db, o.who.organization);
  const starter = startersOf(organization).find((one) => one.id === o.starter);
  if (!starter) throw new NotFound("starter");
  const { subject, preheader, mjml } = starter;
  const source = { subject, preheader, mjml, text: null, locale: organization.locale };
  const campaign = { ...source, number: 0, replyTo: null, fromName: "" } as Campaign;
  const compiled = await compile(s, { source, organization });
  const person = await previewPerson(s, { who: o.who, campaign, organization, lists: [] });
  return renderFor(s, { campaign, organization, compiled, person }).html;
}
