import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { program } from "../../scripts/parts/programs.mjs";

/** A chromium that asks nobody anything of its own accord. */
const ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  // Nobody but this machine has an address. Not by playwright's routes: they turn the cache off, and each page would read all its scripts anew.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

type Context = { after(work: () => Promise<void>): void };

export async function openBrowser(t: Context): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: program("chromium"), args: ARGS });
  t.after(() => browser.close());
  return browser;
}

export type Watched = {
  context: BrowserContext;
  /** What the pages must not do, gathered since the beginning: requests to another host, CSP violations, errors of scripts. */
  faults: string[];
};

/** A browser context whose pages are watched. A request to another host than those given is a fault. */
export async function watchedContext(
  browser: Browser,
  hosts: string[],
  o: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    locale: "it-IT",
    timezoneId: "Europe/Rome",
    viewport: { width: 1280, height: 900 },
    ...o,
  });
  const faults: string[] = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && !hosts.includes(url.host)) faults.push(`request to ${url}`);
  });
  context.on("page", (page) => {
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (/Content Security Policy|Content-Security-Policy/i.test(message.text()))
        faults.push(`${page.url()}: ${message.text()}`);
    });
  });
  return { context, faults };
}

/** The small form: a third of each look was the reading of 1.5 MB of script. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** What colours, and the width of the window, can change on a page that was looked at whole. */
export const OF_LOOKS = [
  ...["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "aria-hidden-focus"],
  ...["button-name", "link-name", "label", "summary-name", "nested-interactive"],
];

/**
 * WCAG 2.2 A and AA by axe: fails with each finding and where it is. Frames are looked at in the tests of mails: those that may run no script would never answer.
 * @param rules some of them; default: all
 */
export async function assertAccessible(page: Page, where = page.url(), rules?: string[]): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const findings = await page.evaluate(
    async (runOnly) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        ...{ runOnly, resultTypes: ["violations"], iframes: false },
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`),
      );
    },
    rules ? { type: "rule" as const, values: rules } : { type: "tag" as const, values: WCAG },
  );
  assert.deepEqual(findings, [], where);
}
