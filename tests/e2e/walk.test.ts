import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { startApp } from "../support/app.ts";
import { assertAccessible, openBrowser, watchedContext } from "../support/browser.ts";

/** Pictures of the guide are made by the test that shows what they show: ASSENSO_PICTURES=1. */
const PICTURES = process.env.ASSENSO_PICTURES ? join(import.meta.dirname, "../../docs/pictures") : undefined;

/** A person with a mouse and a keyboard, whose presses and filled fields are counted. */
class Person {
  presses = 0;
  fields = 0;

  async press(what: Locator): Promise<void> {
    this.presses++;
    await what.click();
  }

  async fill(what: Locator, text: string): Promise<void> {
    this.fields++;
    await what.fill(text);
  }

  /** A picture of the guide: what stands here now. docs/pictures/README.md lists the names. */
  async picture(page: Page, name: string): Promise<void> {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}

/**
 * Presses a link that opens a tab, and gives the tab. A sandboxed frame is a process of its own: Chromium drops what is pressed in the first
 * moments before it knows where the frame's links stand, so a press that opened nothing is made again. A person's counts once.
 */
async function openTab(me: Person, what: Locator, url: RegExp): Promise<Page> {
  const context = what.page().context();
  me.presses++;
  for (let i = 0; i < 10; i++) {
    await what.click();
    for (let wait = 0; wait < 20; wait++) {
      const found = context.pages().find((page) => url.test(page.url()));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`no tab was opened for ${url}: ${context.pages().map((page) => page.url())}`);
}

test("AT-15 the walk: from the printed link to a confirmed subscriber in 8 presses and 14 fields, to a campaign read in 14 presses; she leaves with one click", async (t) => {
  const app = await startApp(t);
  const browser = await openBrowser(t);
  const { context, faults } = await watchedContext(browser, [new URL(app.url).host]);
  const page = await context.newPage();
  const me = new Person();

  await page.goto(app.setUpLink);
  await me.fill(page.getByLabel("Nome e cognome"), "Giulia Neri");
  await me.fill(page.getByLabel("Il tuo indirizzo e-mail"), "giulia@esempio.it");
  await me.fill(page.getByLabel("Password", { exact: true }), "una frase lunga e tranquilla");
  await me.picture(page, "walk-1-you");
  await me.press(page.getByRole("button", { name: "Avanti" }));

  await page.waitForURL(/setup\/organization/);
  await me.fill(page.getByLabel("Ragione sociale"), "Casa editrice Esempio s.r.l.");
  await me.fill(page.getByLabel("Sede"), "via Roma 1, 50122 Firenze");
  await me.fill(page.getByLabel("Partita IVA o codice fiscale"), "01234567890");
  await me.fill(page.locator('input[name="processorName[]"]').first(), "Hosting Italia s.p.a.");
  await me.fill(page.locator('input[name="processorCountry[]"]').first(), "Italia");
  await me.picture(page, "walk-2-organization");
  await me.press(page.getByRole("button", { name: "Avanti" }));

  await page.waitForURL(/setup\/list/);
  await me.fill(page.getByLabel("Nome della lista"), "Novità del mese");
  await me.fill(page.getByLabel("Che cosa mandi"), "novità e offerte della casa editrice");
  await me.fill(page.getByLabel("Quanto spesso"), "una volta al mese");
  await me.picture(page, "walk-3-list");
  await me.press(page.getByRole("button", { name: "Pubblica" }));

  await page.waitForURL(/\/try/);
  await me.picture(page, "walk-4-try");
  const form = await openTab(me, page.getByRole("button", { name: "Apri il modulo" }), /\/f\//);
  await form.waitForLoadState();
  assert.equal(await form.getByLabel("Indirizzo e-mail").inputValue(), "giulia@esempio.it");
  const box = form.getByRole("checkbox");
  assert.equal(await box.isChecked(), false, "CC-01 never ticked before she ticks it");
  await assertAccessible(form, "the hosted form");
  await me.press(box);
  await me.picture(form, "walk-5-form");
  // A person reads before she presses; the form believes nobody who answers within two seconds.
  await app.d.moveClock(5000);
  await me.press(form.getByRole("button", { name: "Iscriviti" }));
  await form.getByRole("heading", { name: "Controlla la posta" }).waitFor();

  await page.bringToFront();
  const mail = page.frameLocator("iframe").first();
  const link = mail.getByRole("link", { name: /conferm/i }).first();
  await link.waitFor({ timeout: 30_000 });
  await me.picture(page, "walk-6-inbox");
  const confirmation = await openTab(me, link, /\/c\//);
  await confirmation.getByText("Acconsento a ricevere da Casa editrice Esempio s.r.l.").waitFor();
  await assertAccessible(confirmation, "the confirmation page");
  await me.picture(confirmation, "walk-7-confirm");
  await me.press(confirmation.getByRole("button", { name: "Confermo" }));
  await confirmation.getByRole("heading", { name: "Iscrizione confermata" }).waitFor();
  assert.ok(me.presses <= 8, `${me.presses} presses to the confirmed subscriber`);
  assert.ok(me.fields <= 14, `${me.fields} fields to the confirmed subscriber`);

  await page
    .getByText(/n\. \d+/)
    .first()
    .waitFor({ timeout: 30_000 });
  await me.picture(page, "walk-8-register");
  await me.press(page.getByRole("button", { name: /lettera/i }));
  await page.waitForURL(/campaigns\/[0-9a-f-]{36}/);
  await me.picture(page, "walk-9-campaign");
  await sendTheLetter(page, me);
  await page.getByText("1 di 1").first().waitFor({ timeout: 60_000 });
  await me.picture(page, "walk-12-live");
  await page.goto(`${app.url}/try`);
  await me.press(page.getByRole("link", { name: /leggi|apri/i }).last());
  await page.waitForURL(/sandbox\/[0-9a-f-]{36}/);
  const letter = page.frameLocator("iframe").first();
  const leave = letter.getByRole("link", { name: "Cancellami", exact: true });
  await leave.waitFor();
  assert.ok(me.presses <= 14, `${me.presses} presses to the campaign that was read`);

  await letter.getByText("Casa editrice Esempio s.r.l.").first().waitFor();
  const leaving = await openTab(me, leave, /\/u\//);
  await leaving.getByRole("button", { name: /cancellami da Novità del mese/i }).click();
  await leaving.getByText("non riceverai più Novità del mese").waitFor();
  await assertAccessible(leaving, "the leave page");
  await me.picture(leaving, "walk-13-leave");

  await page.goto(`${app.url}/contacts`);
  await page.getByRole("link", { name: "giulia@esempio.it", exact: true }).click();
  await page.getByText("Ha annullato l’iscrizione").first().waitFor();
  await page.goto(app.url);
  await page.getByRole("heading", { name: "Panoramica" }).waitFor();
  await me.picture(page, "dashboard");
  assert.deepEqual(faults, [], "no other host, no script error, no CSP violation");
  assert.doesNotMatch(app.output(), /giulia@esempio\.it/, "no address in a log");
});

/** From the campaign that was begun to its launch: who receives it is chosen, what it says is there. */
async function sendTheLetter(page: Page, me: Person): Promise<void> {
  await pictureOf(page, me, "?step=audience", "walk-10-audience");
  await me.press(page.getByRole("link", { name: /^Invio|4\. Invio|Vai all’invio/ }).first());
  await me.picture(page, "walk-11-send");
  await me.press(page.getByRole("button", { name: "Invia a una persona" }));
  const sure = page.getByRole("alertdialog").getByRole("button", { name: "Invia a una persona" });
  if (await sure.isVisible().catch(() => false)) await me.press(sure);
}

/** Another step of the same campaign, in a tab of its own: looking is no press of the walk. */
async function pictureOf(page: Page, me: Person, query: string, name: string): Promise<void> {
  if (!PICTURES) return;
  const beside = await page.context().newPage();
  await beside.goto(page.url().replace(/\?.*$/, "") + query);
  await me.picture(beside, name);
  await beside.close();
}
