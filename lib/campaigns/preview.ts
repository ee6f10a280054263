import type { Services } from "../services.ts";
import { prepareMessage, renderParts } from "../templates/message.ts";
import type { Person } from "../templates/types.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Compiled, compile, privacyUrl } from "./compile.ts";
import { DraftChange } from "./draft.ts";
import { type Campaign, columnsOf, findCampaign, listsOf, type Organization, organizationOf } from "./find.ts";
import { keptTexts } from "./kept-version.ts";
import { previewPerson } from "./preview-person.ts";

export type Preview = {
  subject: string;
  html: string;
  text: string;
  derivedText: string;
  findings: Compiled["findings"];
};

/**
 * A draft as its readers will see it, by the function that sends it: compiled, and with one person merged in.
 * @param change what is typed and not saved yet; nothing is written
 * @param version a kept version in the place of what is saved now
 * @param contact whose values are shown; left out: an invented person
 * @returns empty parts where the template cannot be compiled; `findings` say why
 * @throws NotFound (campaign, version, contact)
 */
export async function compilePreview(
  s: Services,
  o: { who: Who; campaign: string; change?: DraftChange; version?: number; contact?: string },
): Promise<Preview> {
  requireRight(o.who, "campaigns.see");
  const { organization: id } = o.who;
  const campaign = await findCampaign(s.db, { organization: id, campaign: o.campaign });
  const organization = await organizationOf(s.db, id);
  const { lists, ...typed } = DraftChange.parse(o.change ?? {});
  const kept = o.version === undefined ? {} : await keptTexts(s.db, { campaign: campaign.id, version: o.version });
  const source = { ...campaign, ...kept, ...columnsOf(withoutUndefined(typed)) };
  const compiled = await compile(s, { source, organization });
  const { findings, derivedText } = compiled;
  if (compiled.html === "" || findings.some(({ level }) => level === "error")) {
    return { subject: source.subject, html: "", text: "", derivedText, findings };
  }
  const person = await previewPerson(s, {
    ...{ who: o.who, campaign: source, organization, contact: o.contact },
    lists: lists ?? (await listsOf(s.db, campaign.id)),
  });
  return { ...renderFor(s, { campaign: source, organization, compiled, person }), derivedText, findings };
}

/** Merges one person into compiled parts, exactly as the engine does. */
export function renderFor(
  s: Services,
  o: { campaign: Campaign; organization: Organization; compiled: Pick<Compiled, "html" | "text">; person: Person },
): { subject: string; html: string; text: string } {
  const { campaign, organization, compiled } = o;
  const prepared = prepareMessage({
    ...{ subject: campaign.subject, html: compiled.html, text: compiled.text, replyTo: campaign.replyTo },
    ...{ locale: campaign.locale, zone: organization.timeZone, domain: new URL(s.config.PUBLIC_URL).hostname },
    campaign: { number: campaign.number },
    organization: { ...organization, privacyUrl: privacyUrl(s, organization) },
  });
  return renderParts(prepared, o.person);
}

function withoutUndefined<T extends object>(parts: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as never;
}
