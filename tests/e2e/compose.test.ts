import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eq } from "drizzle-orm";
import type { Browser, Page } from "playwright-core";
import { campaigns } from "../../db/schema/campaigns.ts";
import { sandboxMessages } from "../../db/schema/servers.ts";
import { askApproval } from "../../lib/campaigns/ask-approval.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { appNow } from "../../lib/clock.ts";
import { seal } from "../../lib/crypto/sealed.ts";
import { publishFirstList } from "../../lib/forms/publish-first-list.ts";
import type { Who } from "../../lib/users/who.ts";
import { type App, startApp } from "../support/app.ts";
import { assertAccessible, openBrowser, watchedContext } from "../support/browser.ts";
import { makeWho, subscribe } from "../support/people.ts";
import { type TestServices, testServices } from "../support/services.ts";
import { firstRun, PASSWORD } from "../support/staff.ts";

let app: App;
let browser: Browser;
let s: TestServices;
let who: Who;

/** What is to be closed when all tests are through: inside of a hook, `after` would mean the end of that hook. */
const closing: (() => Promise<void>)[] = [];
const file = { after: (work: () => Promise<void>) => void closing.push(work) };
after(async () => {
  for (const work of closing) await work();
});

before(async () => {
  app = await startApp(file);
  browser = await openBrowser(file);
  const keyRingJson = readFileSync(join(app.home, "keys.json"), "utf8");
  s = await testServices(app.d, { like: { keys: app.keys, keyRingJson, journalFolder: join(app.home, "journal") } });
  ({ who } = await firstRun(s));
  const words = { name: "Novità", topics: "novità e offerte", frequency: "una volta al mese" };
  const { list, form } = await publishFirstList(s, { who, ...words, locale: "it", tone: "tu" });
  await subscribe(s, { list, form }, "anna@example.com");
});

async function signedIn(o: { javaScriptEnabled?: boolean } = {}) {
  const { context, faults } = await watchedContext(browser, [new URL(app.url).host], o);
  const page = await context.newPage();
  await page.goto(`${app.url}/sign-in`);
  await page.locator('input[type="email"]').fill("giulia@esempio.it");
  await page.locator('input[type="password"]').fill(PASSWORD);
  await page.locator('main button[type="submit"]').click();
  await page.waitForURL((url) => url.pathname === "/");
  return { page, context, faults };
}

const newDraft = () => createCampaign(s, { who, from: "letter", name: "Prova" });
const content = (id: string) => `${app.url}/campaigns/${id}?step=content`;
const line = (page: Page) => page.locator("main header p").first();

async function row(id: string) {
  const [found] = await s.db.select().from(campaigns).where(eq(campaigns.id, id));
  assert.ok(found);
  return found;
}

/** Waits until the database holds what a page saved by itself. */
async function until(id: string, holds: (now: Awaited<ReturnType<typeof row>>) => boolean) {
  for (let i = 0; i < 100; i++) {
    const now = await row(id);
    if (holds(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`not saved: ${JSON.stringify({ ...(await row(id)), mjml: "…" })}`);
}

test("a draft saves itself 2 s after the last change, and when the page is left; the line under the title says when", async () => {
  const id = await newDraft();
  const { page, context, faults } = await signedIn();
  await page.goto(content(id));
  await page.locator(".cm-content").waitFor();
  await page.locator('input[name="subject"]').fill("Scritto piano");
  await page.getByText("modifiche da salvare").waitFor();
  assert.equal((await row(id)).version, 1, "nothing is saved while one types");
  await until(id, (now) => now.subject === "Scritto piano");
  await page.getByText("modifiche da salvare").waitFor({ state: "detached" });
  assert.match((await line(page).textContent()) ?? "", /^Bozza · salvato alle \d{1,2}\.\d\d/);

  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("<!-- di fretta -->");
  await page.getByRole("link", { name: "Avanti: Controlli" }).click();
  await page.waitForURL(/step=checks/);
  assert.match((await row(id)).mjml, /^<!-- di fretta -->/);

  await page.goto(content(id));
  await page.locator(".cm-content").waitFor();
  await page.locator('input[name="preheader"]').fill("Chiudo la scheda");
  await page.close({ runBeforeUnload: true });
  await until(id, (now) => now.preheader === "Chiudo la scheda");
  assert.deepEqual(faults, []);
  await context.close();
});

test("without network the text stays in the tab, over a reload too, and is sent when the network returns", async () => {
  const id = await newDraft();
  const { page, context } = await signedIn();
  await page.goto(content(id));
  await page.locator(".cm-content").waitFor();
  await context.setOffline(true);
  await page.locator('input[name="subject"]').fill("Scritto in treno");
  await page.getByText("senza rete: il testo resta").first().waitFor();
  await context.setOffline(false);
  await until(id, (now) => now.subject === "Scritto in treno");

  await context.route("**/draft", (route) => route.abort());
  await page.locator('input[name="subject"]').fill("Scritto in galleria");
  await page.getByText("senza rete: il testo resta").first().waitFor();
  await page.reload();
  await context.unroute("**/draft");
  await until(id, (now) => now.subject === "Scritto in galleria");
  // What the old page sent on leaving may be saved before the new one is awake.
  const shown = () =>
    document.querySelector<HTMLInputElement>('input[name="subject"]')?.value === "Scritto in galleria";
  await page.waitForFunction(shown);
  await context.close();
});

test("B95: two who edit the same campaign: 409, both texts side by side, and the choice holds", async () => {
  for (const choice of ["Tieni la mia", "Prendi quella salvata"]) {
    const id = await newDraft();
    const { page, context } = await signedIn();
    const other = await context.newPage();
    for (const one of [page, other]) await one.goto(content(id));
    await other.locator(".cm-content").waitFor();
    await other.locator('input[name="subject"]').fill("Quello di Luca");
    await until(id, (now) => now.subject === "Quello di Luca");
    const refused = page.waitForResponse((answer) => answer.url().endsWith("/draft"));
    await page.locator('input[name="subject"]').fill("Quello di Anna");
    assert.equal((await refused).status(), 409);
    const both = page.getByRole("region", { name: "Qualcuno ha salvato" });
    await both.waitFor();
    assert.deepEqual(await both.locator("pre").allInnerTexts(), ["Quello di Anna\n", "Quello di Luca\n"]);
    await assertAccessible(page);
    assert.equal((await row(id)).subject, "Quello di Luca", "nothing is written before the choice");
    await page.getByRole("button", { name: choice }).click();
    await both.waitFor({ state: "detached" });
    const wanted = choice === "Tieni la mia" ? "Quello di Anna" : "Quello di Luca";
    await until(id, (now) => now.subject === wanted);
    assert.equal(await page.locator('input[name="subject"]').inputValue(), wanted);
    await context.close();
  }
});

test("B95: without script the page is a plain form: it saves, shows what another one saved, and saves over it when asked", async () => {
  const id = await newDraft();
  const { page, context } = await signedIn({ javaScriptEnabled: false });
  await page.goto(content(id));
  await page.locator('input[name="subject"]').fill("Senza script");
  await page.getByRole("button", { name: "Salva ora" }).click();
  await page.getByText("Salvato.").waitFor();
  assert.equal((await row(id)).subject, "Senza script");

  await page.goto(content(id));
  const other = await context.newPage();
  await other.goto(content(id));
  await other.locator('input[name="subject"]').fill("Di un’altra");
  await other.getByRole("button", { name: "Salva ora" }).click();
  await other.getByText("Salvato.").waitFor();
  await page.locator('input[name="subject"]').fill("La mia");
  await page.getByRole("button", { name: "Salva ora" }).click();
  await page.getByText("Ecco le due versioni").waitFor();
  assert.match(await page.getByLabel("Quella salvata").inputValue(), /Di un’altra/);
  assert.equal(await page.locator('input[name="subject"]').inputValue(), "La mia");
  assert.equal((await row(id)).subject, "Di un’altra");
  await page.getByRole("button", { name: "Tieni la mia" }).click();
  await page.getByText("Salvato.").waitFor();
  assert.equal((await row(id)).subject, "La mia");
  await context.close();
});

test("the preview follows what is typed, in a frame of its own policy, and the choice of lists counts at once", async () => {
  const id = await newDraft();
  const { page, context, faults } = await signedIn();
  await page.goto(content(id));
  await page.locator(".cm-content").waitFor();
  const posted = page.waitForResponse(
    (answer) => answer.url().includes("/preview") && answer.request().method() === "POST",
  );
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("<!-- {{ contact.nobody }} -->");
  const answer = await posted;
  await assertAccessible(page);
  const policy = (await answer.allHeaders())["content-security-policy"] ?? "";
  assert.match(policy, /^sandbox; default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'/);
  await page.goto(`${app.url}/campaigns/${id}?step=audience`);
  await page.getByText("Una persona la riceverà").first().waitFor();
  await page.getByRole("checkbox", { name: "Novità" }).uncheck();
  await page.getByText("Scegli almeno una lista").waitFor();
  await page.getByRole("checkbox", { name: "Novità" }).check();
  await page.getByText("Una persona la riceverà").first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

const HOSTILE = `<!doctype html><html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=/canary?refresh">
<style>@import url(/canary?import); @font-face { font-family: f; src: url(/canary?font) }</style></head><body style="font-family: f"><p>letta</p>
<form action="/canary?form"><button id="go">Go</button></form><a href="javascript:fetch('/canary?href')">js</a>
<script>fetch("/canary?script"); parent.canary = 1; top.location = "/canary?top"</script>
<img src="x" onerror="fetch('/canary?onerror')"><svg><style><img src onerror="fetch('/canary?svg')"></style></svg>
<link rel="stylesheet" href="/canary?link"><iframe src="/canary?iframe"></iframe><object data="/canary?object"></object>
</body></html>`;

test("B43 B45: what stands in a mail can neither run, nor load, nor send, nor reach the page that shows it", async () => {
  const message = s.randomId();
  const sealed = (column: string, text: string) =>
    seal(s.keys, { table: "sandbox_messages", row: message, column }, Buffer.from(text), s.randomBytes);
  const head = { from: "a@example.com", to: "b@example.com", subject: "<b>Ostile</b>" };
  const source = `From: a@example.com\r\nTo: b@example.com\r\nSubject: <b>Ostile</b>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${HOSTILE.replaceAll("\n", "\r\n")}`;
  await s.db.insert(sandboxMessages).values({
    ...{ id: message, organization: who.organization, key: s.randomBytes(16), size: source.length },
    ...{ head: sealed("head", JSON.stringify(head)), source: sealed("source", source), receivedAt: await appNow(s.db) },
  });
  const { page, context } = await signedIn();
  // A request that the policy stops is announced as well, and gets no answer.
  const answered: string[] = [];
  context.on("response", (answer) => void (answer.url().includes("canary") && answered.push(answer.url())));
  for (const path of [`/sandbox/${message}`, `/sandbox/${message}/frame`]) {
    await page.goto(app.url + path);
    const frame = path.endsWith("frame") ? page.mainFrame() : page.frameLocator("main iframe");
    await frame.getByText("letta").waitFor();
    await frame.locator("#go").click();
    await frame.getByText("js", { exact: true }).click();
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => (window as { canary?: number }).canary), undefined);
    assert.equal(new URL(page.url()).pathname, path);
  }
  assert.deepEqual(answered, []);
  await context.close();
});

test("MC-01: a colleague asks, the owner sees it on the overview, approves the subject with a press, and the campaign starts", async () => {
  const id = await newDraft();
  const version = (await row(id)).version;
  await saveDraft(s, { who, campaign: id, version, change: { subject: "Re: la tua fattura" } });
  const colleague = await makeWho(s, who.organization, "marketing");
  await askApproval(s, { who: colleague, campaign: id, version: version + 1 });
  const { page, context, faults } = await signedIn();
  await page.getByRole("link", { name: /Apri: La campagna «Prova» aspetta/ }).click();
  const section = page.locator("#approval");
  await section.getByText("in attesa").waitFor();
  await page.getByRole("button", { name: /^Invia a/ }).click();
  await page.getByText("Non si può ancora inviare").first().waitFor();
  assert.equal((await row(id)).state, "draft");
  await section.getByRole("button", { name: "Approva questo oggetto" }).click();
  await section.getByText("Approvato da Giulia Bianchi").waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: /^Invia a/ }).click();
  await page.waitForURL((url) => url.search === "");
  assert.notEqual((await row(id)).state, "draft");
  assert.deepEqual(faults, []);
  await context.close();
});
