import assert from "node:assert/strict";
import { test } from "node:test";
import { composeContent } from "../../lib/templates/compose.ts";
import { prepareMessage, renderParts } from "../../lib/templates/message.ts";
import { starters } from "../../lib/templates/starters.ts";
import { systemMail } from "../../lib/templates/system-mail.ts";
import { CONTROLLER, frozen, person } from "../../lib/templates/template.fixture.ts";
import { assertAccessible, openBrowser, watchedContext } from "../support/browser.ts";

/** Every mail that the program can send by itself, as its reader gets it. */
async function mails(): Promise<{ name: string; html: string }[]> {
  const speech = { locale: "it", tone: "tu", organization: CONTROLLER } as const;
  const campaigns = starters(speech).map(async (one) => {
    const { html, text } = await composeContent({ ...speech, ...one, text: null });
    const until = "2028-03-14T09:12:00.000Z";
    return { name: one.id, html: renderParts(prepareMessage(frozen({ html, text })), person({ until })).html };
  });
  const staff = { locale: "it", zone: "Europe/Rome" } as const;
  const link = "https://news.bottega.example/x";
  const system = {
    confirmation: systemMail("confirmation", {
      ...{ ...speech, zone: "Europe/Rome" },
      list: { name: "Novità", topics: "offerte", frequency: "una volta al mese", purpose: "promo" },
      facts: {
        ...{ at: "2026-11-24T08:12:00.000Z", expiresAt: "2026-12-01T08:12:00.000Z", page: null },
        words: [{ text: "Acconsento.", version: 1 }],
        ...{ confirmLink: link, refuseLink: `${link}?no` },
      },
    }),
    reset: systemMail("reset", { ...staff, link, minutes: 10 }),
  };
  return [...(await Promise.all(campaigns)), ...Object.entries(system).map(([name, { html }]) => ({ name, html }))];
}

test("mails are readable on phone and desktop, light and dark, without a finding of axe, and load nothing (MC-05, DO-02)", async (t) => {
  const browser = await openBrowser(t);
  for (const { name, html } of await mails()) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [320, 900]) {
        const { context, faults } = await watchedContext(browser, [], {
          colorScheme,
          viewport: { width, height: 800 },
        });
        const page = await context.newPage();
        await page.setContent(html);
        await assertAccessible(page, `${name} ${colorScheme} ${width}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `${name} ${width}: ${overflow} px too wide`);
        assert.deepEqual(faults, []);
        await context.close();
      }
    }
  }
});

test("a style sheet of the author's does not hide the legal footer (MC-02, WD-01)", async (t) => {
  const browser = await openBrowser(t);
  const hide =
    "div, p, a, td { display: none !important; visibility: hidden !important; font-size: 0 !important; opacity: 0 !important; max-height: 0 !important }";
  const mjml = `<mjml><mj-head><mj-style>${hide}</mj-style></mj-head><mj-body><mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section></mj-body></mjml>`;
  const speech = { locale: "it", tone: "tu", organization: CONTROLLER } as const;
  const { html } = await composeContent({ ...speech, mjml, text: null, subject: "a", preheader: "b" });
  const page = await (await watchedContext(browser, [])).context.newPage();
  await page.setContent(html);
  const leave = page.getByRole("link", { name: "Cancellami" });
  assert.ok(await leave.isVisible());
  assert.deepEqual(await leave.evaluate((link) => [getComputedStyle(link).fontSize, getComputedStyle(link).opacity]), [
    "13px",
    "1",
  ]);
});
