import { countryName } from "./countries.ts";
import { isTransfer, type Making, processorPhrase, taxLabel } from "./parts.ts";

/** Days that an unconfirmed request is kept: the life of its link. */
const REQUEST_DAYS = 7;

/**
 * The whole notice of art. 13 GDPR for everybody on any list of the controller. Headings begin with `## `, points with `- `, paragraphs are parted
 * by an empty line (`noticeBlocks` reads that).
 */
export function fullNotice(m: Making): string {
  const sections = [who(m), data(m), why(m), optional(m), recipients(m), where(m), duration(m), rights(m)];
  return sections.map(({ title, body }) => `## ${title}\n\n${body.join("\n\n")}`).join("\n\n");
}

type Section = { title: string; body: string[] };

const points = (...lines: string[]) => lines.map((line) => `- ${line}`).join("\n");

function who(m: Making): Section {
  const { legalName, address, privacyEmail, dpo } = m.organization;
  const facts = { controller: legalName, address, tax: taxLabel(m), email: privacyEmail };
  return {
    title: m.say("full.whoTitle"),
    body: [m.say("full.who", facts), ...(dpo ? [m.say("full.dpo", { dpo })] : [])],
  };
}

const data = (m: Making): Section => ({ title: m.say("full.dataTitle"), body: [m.say("full.data")] });

const why = (m: Making): Section => ({
  title: m.say("full.whyTitle"),
  body: [points(m.say("full.whySend"), m.say("full.whyProve"), m.say("full.whyProtect"))],
});

const optional = (m: Making): Section => ({ title: m.say("full.optionalTitle"), body: [m.say("full.optional")] });

function recipients(m: Making): Section {
  const { processors } = m.organization;
  const body =
    processors.length === 0
      ? [m.say("full.staff")]
      : [m.say("full.processors"), points(...processors.map((one) => processorPhrase(m, one)))];
  return { title: m.say("full.receiveTitle"), body };
}

function where(m: Making): Section {
  const transfers = m.organization.processors
    .filter(isTransfer)
    .map(({ name, country, safeguard = "" }) =>
      m.say("full.transfer", { name, country: countryName(country, m.locale), safeguard }),
    );
  const body = transfers.length === 0 ? [m.say("full.inside")] : [m.say("full.outside"), points(...transfers)];
  return { title: m.say("full.transferTitle"), body };
}

const duration = (m: Making): Section => ({
  title: m.say("full.lastsTitle"),
  body: [
    points(
      m.say("full.lastsRequest", { days: REQUEST_DAYS }),
      m.say("full.lastsConsent", { months: m.organization.consentMonths }),
      m.say("full.lastsCode"),
      m.say("full.lastsAbuse"),
    ),
  ],
});

function rights(m: Making): Section {
  const email = m.organization.privacyEmail;
  return {
    title: m.say("full.rightsTitle"),
    body: [m.say("full.withdraw", { email }), m.say("full.rights"), m.say("full.complaint"), m.say("full.automated")],
  };
}
