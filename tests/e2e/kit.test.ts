import assert from "node:assert/strict";
import { test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type App, startApp } from "../support/app.ts";
import { assertAccessible, openBrowser, watchedContext } from "../support/browser.ts";

/** Each theme, language and width once; in the long form the others too. */
const LOOKS = (
  [
    { colorScheme: "light", locale: "it-IT", width: 1280 },
    { colorScheme: "dark", locale: "en-GB", width: 320 },
    { colorScheme: "dark", locale: "en-GB", width: 1280 },
    { colorScheme: "light", locale: "en-GB", width: 320 },
    { colorScheme: "dark", locale: "it-IT", width: 375 },
  ] as const
).slice(0, process.env.ASSENSO_TEST_LONG ? undefined : 2);

type Kit = { app: App; browser: Browser };

test("the kit: every component of the screens", async (t) => {
  const kit: Kit = { app: await startApp(t, { settings: { ASSENSO_KIT: "1" } }), browser: await openBrowser(t) };
  for (const look of LOOKS) {
    const name = `${look.colorScheme}, ${look.locale}, ${look.width} px: nothing for axe, no other host, no breach of the policy`;
    await t.test(name, () => looked(kit, look));
  }
  await t.test("a form says what is missing, leads there, and keeps what was typed", () => form(kit));
  await t.test("without script the form says the same, a box stays as it was left, and a dialog opens", () =>
    bare(kit),
  );
});

async function kitPage({ app, browser }: Kit, o: BrowserContextOptions = {}) {
  const { context, faults } = await watchedContext(browser, [new URL(app.url).host], o);
  const page = await context.newPage();
  await page.goto(`${app.url}/kit`, { waitUntil: "load" });
  return { page, faults, close: () => context.close() };
}

async function looked(kit: Kit, { width, ...look }: (typeof LOOKS)[number]): Promise<void> {
  const { page, faults, close } = await kitPage(kit, { ...look, viewport: { width, height: 800 } });
  // The date field takes the place of the browser's own once script runs.
  await page.locator("#sample [role=spinbutton]").first().waitFor();
  await assertAccessible(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(over, 0, "wider than the window");
  assert.equal(await page.locator("html").getAttribute("lang"), look.locale.slice(0, 2));
  await openEverything(page);
  assert.deepEqual(faults, []);
  await close();
}

/** Menu, calendar and dialog: each looked at while it is open. */
async function openEverything(page: Page): Promise<void> {
  const openers = [
    { name: "menu", open: "#controls button[aria-haspopup=true]", seen: page.getByRole("menu") },
    { name: "calendar", open: "#sample [role=group] button", seen: page.getByRole("grid") },
    { name: "dialog", open: "#controls button[aria-haspopup=dialog]", seen: page.locator("dialog[open]") },
  ];
  for (const { name, open, seen } of openers) {
    await page.locator(open).first().click();
    await seen.waitFor();
    await assertAccessible(page, name);
    if (name === "dialog") assert.match(await focused(page, "textContent"), /Continua a inviare|Go on sending/);
    await page.keyboard.press("Escape");
    await seen.waitFor({ state: "hidden" });
  }
}

const focused = (page: Page, what: "textContent" | "id") =>
  page.evaluate((what) => document.activeElement?.[what] ?? "", what);

async function form(kit: Kit): Promise<void> {
  const { page, faults, close } = await kitPage(kit);
  await page.locator("#sample-topics").fill("Prodotti nuovi");
  await page.locator("#sample-language").selectOption("en");
  await page.locator("#sample-password").fill("una password");
  await page.getByRole("button", { name: "Crea la lista" }).click();
  const summary = page.locator("#sample [role=alert]");
  await summary.getByRole("link", { name: /^Nome della lista: / }).click();
  assert.equal(await focused(page, "id"), "sample-name");
  assert.equal(await page.locator("#sample-name").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#sample-topics").inputValue(), "Prodotti nuovi");
  assert.equal(await page.locator("#sample-language").inputValue(), "en");
  assert.equal(await page.locator("#sample-password").inputValue(), "una password");
  await page.locator("#sample-name").fill("Novità");
  await page.getByRole("button", { name: "Crea la lista" }).click();
  await page.locator("#sample [role=status]", { hasText: "Novità · 2026-11-30T09:00" }).waitFor();
  assert.equal(await summary.count(), 0);
  assert.deepEqual(faults, []);
  await close();
}

async function bare(kit: Kit): Promise<void> {
  const { page, close } = await kitPage(kit, { javaScriptEnabled: false });
  await page.locator("#sample-topics").fill("Prodotti nuovi");
  await page.locator("#sample-language").selectOption("en");
  await page.locator("input[value=marketing]").uncheck();
  await page.locator("#sample-at").fill("2026-12-24T18:30");
  await page.getByRole("button", { name: "Crea la lista" }).click();
  await page.locator("#sample [role=alert] a[href='#sample-name']").waitFor();
  assert.equal(await page.locator("#sample-topics").inputValue(), "Prodotti nuovi");
  assert.equal(await page.locator("#sample-language").inputValue(), "en");
  assert.equal(await page.locator("input[value=marketing]").isChecked(), false);
  assert.equal(await page.locator("#sample-at").inputValue(), "2026-12-24T18:30");
  await page.getByRole("button", { name: "Annulla il resto" }).click();
  await page.locator("dialog[open]").waitFor();
  await close();
}
