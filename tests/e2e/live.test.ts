import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { users } from "../../db/schema/users.ts";
import { checkDomainNow } from "../../lib/servers/domain-check/check-now.ts";
import { startApp } from "../support/app.ts";
import { assertAccessible, openBrowser, watchedContext } from "../support/browser.ts";
import { startDns } from "../support/dns.ts";
import { type Furnished, furnish, signIn } from "../support/furnished.ts";
import { startSink } from "../support/sink.ts";

test("AT-14 the main job over a real server: tested, in production, a mail from the form to the one-click; who confirmed by sandbox mail is refused", async (t) => {
  const sink = await startSink({ keep: true });
  t.after(() => sink.close());
  const app = await startApp(t, { settings: { ASSENSO_SMTP_ALLOW: `127.0.0.1:${sink.port}` } });
  const made = await furnish(app);
  const browser = await openBrowser(t);
  const { context, faults } = await watchedContext(browser, [new URL(app.url).host]);
  await signIn(context, app);
  const page = await context.newPage();
  await addServer(page, app.url, sink.port);
  await domainInOrder(t, made, /servers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "");
  await page.getByRole("button", { name: /Collauda/ }).click();
  await page.getByText("Il messaggio di prova è stato preso in carico").waitFor({ timeout: 30_000 });
  assert.equal(sink.kept.length, 1, "the test really sent a mail");
  await page.waitForLoadState("load");
  await assertAccessible(page, "the test of a server");
  if (process.env.ASSENSO_PICTURES) await page.screenshot({ path: "docs/pictures/walk-14-server.png" });
  await page.goto(
    `${page
      .url()
      .replace(/[?#].*$/, "")
      .replace(/\/(test)?$/, "")}/live`,
  );
  await page
    .getByRole("button", { name: /produzione/i })
    .first()
    .click();
  const sure = page.getByRole("alertdialog").getByRole("button", { name: /produzione/i });
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await waitFor(
    async () => (await app.d.pool.query("select from organizations where live_at is not null")).rowCount === 1,
    "in production",
  );

  // Somebody signs up, and confirms from the mail that the real server took.
  const visitor = await (await watchedContext(browser, [new URL(app.url).host])).context.newPage();
  await visitor.goto(`${app.url}/f/${made.form}`);
  await visitor.getByLabel("Indirizzo e-mail").fill("bruno@libero.it");
  await visitor.getByRole("checkbox").check();
  await app.d.moveClock(5000);
  await visitor.getByRole("button", { name: "Iscriviti" }).click();
  await visitor.getByRole("heading", { name: "Controlla la posta" }).waitFor();
  await waitFor(() => sink.kept.some((kept) => kept.to === "bruno@libero.it"), "the confirmation mail");
  const confirmation = decoded(sink.sources.at(-1));
  assert.doesNotMatch(
    confirmation,
    /^List-Unsubscribe/im,
    "AT-14 DO-02 no one-click on a mail that has nothing to leave",
  );
  assert.match(confirmation, /^Auto-Submitted: auto-generated/im);
  await visitor.goto(/http:\/\/\S+\/c\/[\w.-]+/.exec(confirmation)?.[0] ?? "about:blank");
  await visitor.getByRole("button", { name: "Confermo" }).click();
  await visitor.getByRole("heading", { name: "Iscrizione confermata" }).waitFor();

  // A campaign to both: the real subscriber gets it, the simulated one is refused, with the reason.
  await page.goto(`${app.url}/campaigns/new`);
  await page
    .getByRole("button", { name: /lettera/i })
    .first()
    .click();
  await page.waitForURL(/campaigns\/[0-9a-f-]{36}/);
  await page.getByRole("link", { name: "Destinatari" }).first().click();
  await page
    .locator("main")
    .getByText(/simulat/i)
    .first()
    .waitFor();
  await page.getByRole("link", { name: "Invio", exact: true }).first().click();
  await page.getByRole("button", { name: "Invia a una persona" }).click();
  await waitFor(
    () => sink.sources.some((source) => /^List-Unsubscribe-Post:/im.test(source.toString())),
    "the campaign",
    async () => {
      const { rows } = await app.d.pool.query(`
        select c.state, c.paused_reason, c.snapshot_done, s.host, s.paused_reason as server_paused,
               (select json_object_agg(state, n) from (select state, count(*) as n from deliveries where campaign = c.id group by 1) d) as deliveries
          from campaigns c left join servers s on s.id = c.server order by c.id desc limit 1`);
      return `${JSON.stringify(rows)}\n${await page.locator("main").innerText()}\n${app.output().slice(-3000)}`;
    },
  );
  const source = sink.sources.map(String).find((text) => /^List-Unsubscribe-Post:/im.test(text)) ?? "";
  assert.match(source, /^To: .*bruno@libero\.it/im);
  assert.ok(
    !sink.kept.some((kept) => kept.to === "anna.rossi@esempio.it"),
    "who confirmed only by sandbox mail gets nothing",
  );

  // RFC 8058: what the mail program does with the header.
  const url = /^List-Unsubscribe: <([^>]+)>/im.exec(source.replace(/\r\n[ \t]+/g, " "))?.[1] ?? "";
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
  assert.deepEqual([answer.status, answer.headers.get("set-cookie")], [200, null]);
  await waitFor(
    async () => (await app.d.pool.query("select from bases where ended_reason = 'withdrawn'")).rowCount === 1,
    "she is out",
  );
  assert.deepEqual(faults, []);
  assert.doesNotMatch(app.output(), /bruno@libero\.it/, "no address in a log");
});

/** Looked at by a DNS of this test: the worker's own look, a minute after, would ask that of the machine, and refuse the campaign where nobody knows esempio.it. */
async function domainInOrder(t: { after(work: () => Promise<void>): void }, made: Furnished, server: string) {
  const [user] = await made.s.db.select().from(users);
  const { dns } = await startDns(t, { zone: { "esempio.it TXT": ["v=spf1 ip4:127.0.0.1 -all"] } });
  const who = { user: user?.id ?? "", organization: made.organization, roles: ["owner" as const], operator: false };
  await checkDomainNow({ ...made.s, dns }, { who, server, fetch: async () => "" });
}

async function addServer(page: Page, url: string, port: number): Promise<void> {
  await page.goto(`${url}/servers/new?preset=custom`);
  const fill = (name: string, text: string) => page.locator(`input[name="${name}"]`).first().fill(text);
  await fill("name", "Posta di prova");
  await fill("host", "127.0.0.1");
  await fill("port", String(port));
  await choose(page, "encryption", "none");
  await choose(page, "auth", "none");
  await fill("fromName", "Casa editrice Esempio");
  await fill("fromAddress", "news@esempio.it");
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(/servers\/[0-9a-f-]{36}/);
}

/** A choice of the form, whether it is a list or radio buttons. */
async function choose(page: Page, name: string, value: string): Promise<void> {
  const list = page.locator(`select[name="${name}"]`);
  if (await list.count()) await list.selectOption(value);
  else await page.locator(`input[name="${name}"][value="${value}"]`).check({ force: true });
}

/** The text of a mail, quoted-printable and base64 undone as far as links and headers need it. */
function decoded(source: Buffer | undefined): string {
  const text = String(source ?? "")
    .replace(/=\r?\n/g, "")
    .replace(/=3D/g, "=");
  const parts = text
    .split(/\r?\n\r?\n/)
    .map((part) => (/^[A-Za-z0-9+/=\r\n]{60,}$/.test(part.trim()) ? Buffer.from(part, "base64").toString() : part));
  return parts.join("\n\n");
}

/** @param facts what is seen instead, where that is not obvious */
async function waitFor(
  holds: () => boolean | Promise<boolean>,
  what: string,
  facts: () => Promise<string> = async () => "",
): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`30 seconds passed without ${what} ${await facts()}`);
}
