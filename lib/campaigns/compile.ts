import type { Services } from "../services.ts";
import { composeContent } from "../templates/compose.ts";
import type { Campaign, Organization } from "./find.ts";

export type Compiled = Awaited<ReturnType<typeof composeContent>>;

/** The parts of a campaign that a mail is compiled from; the screens pass what is typed and not saved yet. */
export type Source = Pick<Campaign, "mjml" | "text" | "subject" | "preheader" | "locale">;

/** Compiles a campaign's MJML to the HTML and text that a launch would freeze, with what is wrong in it. Liquid still stands in both. */
export function compile(s: Services, o: { source: Source; organization: Organization }): Promise<Compiled> {
  const { organization } = o;
  return composeContent({
    ...o.source,
    tone: organization.tone,
    organization: { ...organization, privacyUrl: privacyUrl(s, organization) },
  });
}

/** Their own full notice, or ours. */
export function privacyUrl(s: Services, organization: Organization): string {
  return organization.privacyUrl ?? `${s.config.PUBLIC_URL}/p/${organization.slug}/privacy`;
}
