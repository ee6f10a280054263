import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { users } from "../../db/schema/users.ts";
import { askApproval } from "../../lib/campaigns/ask-approval.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { testSend } from "../../lib/campaigns/test-send.ts";
import { sequenceAll } from "../../lib/ledger/sequence.ts";
import { pauseDomain } from "../../lib/servers/pause-domain.ts";
import type { Who } from "../../lib/users/who.ts";
import { startApp } from "../support/app.ts";
import { assertAccessible, OF_LOOKS, openBrowser, watchedContext } from "../support/browser.ts";
import { furnish, signIn } from "../support/furnished.ts";
import { askFor, leaveToken, makeWho } from "../support/people.ts";
import { realServer } from "../support/real-server.ts";

const LONG = process.env.ASSENSO_TEST_LONG !== undefined;
/** Addresses that show a page once more, with little that is new: for the long form. */
const more = (...addresses: string[]) => (LONG ? addresses : []);
const app = await startApp({ after });
const made = await furnish(app);
const browser = await openBrowser({ after });
const paths = await pathsOf();

/** Every page file of the signed-in part, by its folder, with an address where it shows something. */
async function pathsOf(): Promise<Record<string, string[]>> {
  const { s, organization, list, contact, form } = made;
  const [user] = await s.db.select().from(users);
  const who: Who = { user: user?.id ?? "", organization, roles: ["owner"], operator: true };
  const campaign = await createCampaign(s, { who, from: "letter", name: "Lettera d’inverno" });
  await testSend(s, { who, campaign, to: [user?.email ?? ""] });
  await saveDraft(s, { who, campaign, version: 1, change: { subject: "Un oggetto più lungo, con molte parole" } });
  await testSend(s, { who, campaign, to: [user?.email ?? ""] });
  await saveDraft(s, { who, campaign, version: 2, change: { subject: "Un altro oggetto" } });
  await askFor(s, form, "bea@libero.it");
  await sequenceAll(s);
  const one = async (query: string) => String((await app.d.pool.query(query)).rows[0]?.id ?? "");
  const mail = await waitFor(() => one("select id from sandbox_messages limit 1"));
  const server = await one("select id from servers limit 1");
  const real = await realServer(s, { who, after });
  await pauseDomain(s.db, { server: real, domain: "posta.example", reason: "reputation", reply: "554 5.7.1 listed" });
  const notice = await one("select id from notices limit 1");
  const unsure = await createCampaign(s, { who, from: "news", name: "Una con messaggi incerti" });
  await app.d.pool.query(
    `update campaigns set state = 'ended', launched_at = now(), ended_at = now(), snapshot = gen_random_uuid(), snapshot_done = true,
            html_sha = '\\x00', server = $2 where id = $1`,
    [unsure, server],
  );
  await app.d.pool.query(
    `insert into deliveries (campaign, position, contact, state, reason, decided_at) select $1, 0, id, 'uncertain', 'owner_gone', now() from contacts limit 1`,
    [unsure],
  );
  const misleading = await createCampaign(s, { who, from: "letter", name: "Sembra una risposta" });
  await saveDraft(s, { who, campaign: misleading, version: 1, change: { subject: "Re: fattura" } });
  const colleague = await makeWho(s, organization, "marketing");
  await askApproval(s, { who: colleague, campaign: misleading, version: 2 });
  return {
    ".": ["/"],
    campaigns: ["/campaigns"],
    "campaigns/calendar": ["/campaigns/calendar", ...more("/campaigns/calendar?month=2020-01")],
    "campaigns/new": ["/campaigns/new"],
    "campaigns/[id]": [
      ...["", "?step=audience", "?step=checks", "?step=send"].map((step) => `/campaigns/${campaign}${step}`),
      `/campaigns/${misleading}?step=send`,
    ],
    "campaigns/[id]/versions": [`/campaigns/${campaign}/versions`, ...more(`/campaigns/${unsure}/versions`)],
    "campaigns/[id]/versions/[version]": [
      `/campaigns/${campaign}/versions/1`,
      `/campaigns/${campaign}/versions/2?view=plain`,
    ],
    "campaigns/[id]/audience": [`/campaigns/${campaign}/audience`],
    "campaigns/[id]/recovery": [`/campaigns/${campaign}/recovery`, `/campaigns/${unsure}/recovery`],
    "campaigns/[id]/report": [`/campaigns/${unsure}/report`],
    "campaigns/[id]/rows": [`/campaigns/${campaign}/rows`],
    contacts: ["/contacts", ...more("/contacts?q=nessuno")],
    "contacts/[id]": [`/contacts/${contact}`],
    forms: ["/forms"],
    "forms/[id]": [`/forms/${form}`],
    installation: ["/installation"],
    lists: ["/lists"],
    "lists/new": ["/lists/new"],
    "lists/[id]": [`/lists/${list}`],
    "lists/[id]/forms": [`/lists/${list}/forms`],
    "lists/[id]/settings": [`/lists/${list}/settings`],
    "lists/[id]/words": [`/lists/${list}/words`],
    notices: ["/notices"],
    "notices/[id]": [`/notices/${notice}`],
    "notices/full": ["/notices/full"],
    organization: ["/organization"],
    people: ["/people"],
    "people/[id]": [`/people/${user?.id}`],
    "people/invite": ["/people/invite"],
    profile: ["/profile"],
    register: ["/register"],
    "register/[n]": ["/register/1"],
    sandbox: ["/sandbox"],
    "sandbox/[id]": [`/sandbox/${mail}`],
    servers: ["/servers"],
    "servers/new": [
      ...["", "?preset=newmedialabs", "?preset=outlook"].map((preset) => `/servers/new${preset}`),
      ...more("/servers/new?preset=pec", "/servers/new?preset=custom"),
    ],
    "servers/[id]": [`/servers/${server}`, `/servers/${real}`],
    "servers/[id]/test": [`/servers/${real}/test`],
    "servers/[id]/dkim": [`/servers/${real}/dkim`],
    "servers/[id]/domain": [`/servers/${real}/domain`],
    "servers/[id]/queue": [`/servers/${server}/queue`, ...more(`/servers/${server}/queue?domain=nessuno.it`)],
    "servers/[id]/log": [`/servers/${server}/log`],
    "servers/[id]/graphs": [`/servers/${server}/graphs?range=day`, ...more(`/servers/${server}/graphs?range=year`)],
    "servers/[id]/live": [`/servers/${server}/live`],
  };
}

async function waitFor(find: () => Promise<string>): Promise<string> {
  for (let i = 0; i < 150; i++) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the worker brought nothing into the sandbox");
}

const PUBLIC = async (language: string) => {
  const { s, form, contact, list } = made;
  const links = await askFor(s, form, `carla.${language}@tiscali.it`);
  const leave = await leaveToken(s, contact, list);
  const { rows } = await app.d.pool.query("select slug from organizations");
  return [
    ...[`/f/${form}`, `/f/${form}/ok`, `/c/${links?.confirm}`, `/c/${links?.refuse}`, `/u/${leave}`, "/u/nothing"],
    ...[`/p/${rows[0]?.slug}/privacy`, "/sign-in", "/lost-password", "/no/such/page", "/s/used", "/i/used", "/r/used"],
  ];
};

test("MC-05 every screen has its place in this test", () => {
  const root = join(import.meta.dirname, "../../app/(admin)");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("page.tsx"));
  const folders = files.map((file) => file.replace(/\/?page\.tsx$/, "") || ".");
  assert.deepEqual(folders.sort(), Object.keys(paths).sort());
});

/** Nothing reaches beyond the edge of a phone of 320 px. */
async function assertFits(page: Page, path: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${path} is ${over} px too wide at ${page.viewportSize()?.width} px`);
}

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 320, height: 700 } } as const;
type Look = readonly [theme: "light" | "dark", size: keyof typeof SIZES];
/** Each page once in each theme, the second time by the rules that a look can break; in the long form each theme in each size, by all rules. */
const LOOKS: Look[] = [
  ["light", "desktop"],
  ["dark", "phone"],
  ...(LONG
    ? ([
        ["light", "phone"],
        ["dark", "desktop"],
      ] as const)
    : []),
];
const LANGUAGES = { it: "it-IT", en: "en-GB" } as const;

for (const language of ["it", "en"] as const) {
  const axe = language === "it" || LONG;
  const looks = axe ? LOOKS.map((look) => look.join(" on a ")).join(", ") : "its words alone";
  const title =
    "MC-05 every page: axe finds nothing, it fits a phone, no other host, no CSP violation, no text is missing";
  test(`${title}; ${language}, ${looks}`, async () => {
    await app.d.owner.pool.query("update users set locale = $1", [language]);
    const locale = LANGUAGES[language];
    const { context, faults } = await watchedContext(browser, [new URL(app.url).host], {
      locale,
      // A theme is changed under a page that stands: no colour is looked at on its way to another.
      reducedMotion: "reduce",
    });
    await signIn(context, app);
    const page = await context.newPage();
    const found: string[] = [];
    for (const path of [...Object.values(paths).flat(), "/try", ...(axe ? await PUBLIC(language) : [])]) {
      await page.setViewportSize(SIZES.desktop);
      await page.emulateMedia({ colorScheme: "light" });
      const answer = axe ? await page.goto(app.url + path) : await context.request.get(app.url + path);
      const expected = /nothing|no\/such|\/used/.test(path) ? [404, 200] : [200];
      if (!expected.includes(answer?.status() ?? 0)) found.push(`${path} answered ${answer?.status()}`);
      if (language === "en" && !/^\/(c|f|p|u)\//.test(path))
        found.push(...notEnglish(axe ? await page.content() : ((await answer?.text()) ?? ""), path));
      for (const [theme, size] of axe ? LOOKS : []) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize(SIZES[size]);
        const where = `${path} ${theme} on a ${size}`;
        const rules = theme === "dark" && !LONG ? OF_LOOKS : undefined;
        for (const look of [() => assertAccessible(page, where, rules), () => assertFits(page, where)])
          await look().catch((error: Error) => found.push(`${where}: ${error.message}`));
      }
    }
    await context.close();
    assert.deepEqual([...found, ...new Set(faults)], []);
  });
}

test("a form without its name is refused beside the field, not as something unexpected", async () => {
  await app.d.owner.pool.query("update users set locale = 'it'");
  const { context } = await watchedContext(browser, [new URL(app.url).host]);
  await signIn(context, app);
  const page = await context.newPage();
  await page.goto(`${app.url}/lists/${made.list}/forms`);
  await page.getByRole("button", { name: "Pubblica il modulo" }).click();
  await page.locator("#form-name-error").getByText("Compila questo campo.").waitFor();
  await context.close();
});

/** What shows, in the HTML of a page, that it has no English of its own. */
function notEnglish(html: string, path: string): string[] {
  const found: string[] = [];
  const text = html.replace(/<(script|style)\b[\s\S]*?<\/\1>|<[^>]*>/g, " ");
  if (!/<html[^>]* lang="en/.test(html)) found.push(`${path} is not in English`);
  // A key that has no text is shown as its own name: namespace.key.
  for (const [key] of text.matchAll(/\b[a-z][A-Za-z]+\.[a-z][A-Za-z]+\.[A-Za-z.]+\b/g))
    if (!/esempio|example|www|assenso|newmedialabs|live\.com|outlook\.com/.test(key)) found.push(`${path}: ${key}`);
  for (const [word] of text.matchAll(/\b(Salva|Annulla|Invia|Elimina|Apri|Avanti|Modifica|Nessun[oa]?|Ancora)\b/g))
    found.push(`${path}: Italian word ${word}`);
  return found;
}
