import type { Controller, Locale, Tone } from "../notices/words/types.ts";
import { escapeHtml, withoutLiquid } from "./escape.ts";
import { type StarterWords, starterWords } from "./starter-words.ts";

export const STARTERS = ["letter", "news", "notice"] as const;
export type StarterId = (typeof STARTERS)[number];
/** A campaign to begin with; its name for people in the organization's language. */
export type Starter = { id: StarterId; name: string; subject: string; preheader: string; mjml: string };

export type StarterInput = {
  locale: Locale;
  tone: Tone;
  organization: Pick<Controller, "legalName" | "website"> & Partial<Controller>;
};

/**
 * The three starters in the organization's name, language and tone: MJML with the fields merged in, no image (there is none to begin with, and none of
 * somebody else's), one column on a phone, a dark dress, text of 16 px at 6:1 or better.
 */
export function starters(o: StarterInput): Starter[] {
  return STARTERS.map((id) => starter(id, o));
}

export function starter(id: StarterId, o: StarterInput): Starter {
  const words = starterWords(o);
  const { subject, preheader } = words[id];
  return { id, name: words.names[id], subject, preheader, mjml: frame(o, BODIES[id](words, o), words[id].title) };
}

const BODIES: Record<StarterId, (words: StarterWords, o: StarterInput) => string> = { letter, news, notice };

function letter({ letter: words, ...all }: StarterWords, o: StarterInput): string {
  return sheet(
    `      <mj-text css-class="ink" padding-top="28px">${all.greeting}</mj-text>
      <mj-text css-class="ink">${words.first}</mj-text>
      <mj-text css-class="ink">${words.second}</mj-text>
      <mj-text css-class="ink">${words.third}</mj-text>
${button(all.visit, o)}      <mj-text css-class="ink" padding-bottom="28px">${all.close}<br />{{ org.name }}</mj-text>`,
  );
}

function news({ news: words, ...all }: StarterWords, o: StarterInput): string {
  return [
    sheet(
      `      <mj-text css-class="ink" padding-top="28px">${all.greeting}</mj-text>
      <mj-text css-class="ink">${words.intro}</mj-text>
      <mj-divider css-class="rule" />
      <mj-text css-class="ink"><h2 style="${H2}">${words.lead.title}</h2>${words.lead.text}</mj-text>
${button(all.visit, o)}      <mj-divider css-class="rule" />`,
    ),
    `    <mj-section css-class="sheet" background-color="#ffffff" padding="0 0 20px">
${[words.left, words.right].map(column).join("\n")}
    </mj-section>`,
  ].join("\n");
}

const column = (story: { title: string; text: string }) => `      <mj-column>
        <mj-text css-class="ink"><h2 style="${H2}">${story.title}</h2>${story.text}</mj-text>
      </mj-column>`;

function notice({ notice: words, ...all }: StarterWords, o: StarterInput): string {
  const rows = words.facts.map(
    ([name, value], i) =>
      `        <tr><th scope="row" style="${CELL};width:30%;font-weight:bold${i > 0 ? LINE : ""}">${name}</th><td style="${CELL}${i > 0 ? LINE : ""}">${value}</td></tr>`,
  );
  return sheet(
    `      <mj-text css-class="ink" padding-top="28px">${all.greeting}</mj-text>
      <mj-text css-class="ink">${words.text}</mj-text>
      <mj-table css-class="ink" font-size="16px" line-height="24px" color="#14191b" padding="12px 24px">
${rows.join("\n")}
      </mj-table>
${button(all.visit, o)}      <mj-text css-class="ink" padding-bottom="28px">${words.end}</mj-text>`,
  );
}

const H2 = "margin:0 0 8px;font-size:19px;line-height:27px;font-weight:bold";
const CELL = "text-align:left;vertical-align:top;padding:10px 12px 10px 0";
const LINE = ";border-top:1px solid #d3dad8";

const sheet = (inside: string) => `    <mj-section css-class="sheet" background-color="#ffffff" padding="0">
      <mj-column>
${inside}
      </mj-column>
    </mj-section>`;

/** Only where there is a site to go to. */
const button = (label: string, o: StarterInput) =>
  o.organization.website ? `      <mj-button href="{{ org.website }}" css-class="button">${label}</mj-button>\n` : "";

function frame(o: StarterInput, body: string, title: string): string {
  const name = escapeHtml(withoutLiquid(o.organization.legalName));
  return `<mjml lang="${o.locale}">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="24px" color="#14191b" padding="8px 24px" />
      <mj-button font-size="16px" line-height="20px" font-weight="bold" color="#ffffff" background-color="#0e5a6b" border-radius="4px" inner-padding="14px 22px" padding="12px 24px" align="left" />
      <mj-divider border-width="1px" border-color="#d3dad8" padding="16px 24px" />
    </mj-attributes>
    <mj-style>
      @media (prefers-color-scheme: dark) {
        .page, .page > div { background-color: #14171a !important; }
        .sheet, .sheet > table { background-color: #1b1f23 !important; background: #1b1f23 !important; }
        .ink div, .ink table, .ink th, .ink td { color: #ece9e2 !important; border-color: #2e343a !important; }
        .note div { color: #a9aeb3 !important; }
        .rule p { border-color: #2e343a !important; }
        .button td { background: #7cc7d6 !important; }
        .button a { background: #7cc7d6 !important; color: #0f1b1e !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body background-color="#f1f4f3" css-class="page">
    <mj-section padding="24px 0 12px">
      <mj-column>
        <mj-text css-class="note" font-size="14px" line-height="20px" color="#4c5558" padding-bottom="4px">${name}</mj-text>
        <mj-text css-class="ink"><h1 style="margin:0;font-size:26px;line-height:32px;font-weight:bold">${title}</h1></mj-text>
      </mj-column>
    </mj-section>
${body}
  </mj-body>
</mjml>
`;
}
