import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext } from "playwright-core";
import { confirm } from "../../lib/consent/confirm.ts";
import type { Services } from "../../lib/services.ts";
import type { App } from "./app.ts";
import { askFor } from "./people.ts";
import { testServices } from "./services.ts";

const ANSWERS = {
  you: { name: "Giulia Neri", email: "giulia@esempio.it", password: "una frase lunga e tranquilla", locale: "it" },
  organization: {
    legalName: "Casa editrice Esempio s.r.l.",
    address: "via Roma 1, 50122 Firenze",
    taxId: "01234567890",
    privacyEmail: "privacy@esempio.it",
    dpo: "",
    privacyUrl: "",
    website: "",
    processors: [{ name: "Hosting Italia s.p.a.", country: "Italia" }],
    consentMonths: 24,
    locale: "it",
    tone: "tu",
    timeZone: "Europe/Rome",
  },
  list: { name: "Novità del mese", topics: "novità e offerte", frequency: "una volta al mese", locale: "it" },
};

export type Furnished = { organization: string; list: string; form: string; contact: string; s: Services };

/** An application that was set up by `assenso setup --file`, with a person who confirmed; `s` acts on its database with its keys. */
export async function furnish(app: App): Promise<Furnished> {
  const file = join(app.home, "answers.json");
  writeFileSync(file, JSON.stringify(ANSWERS));
  const env = {
    ...process.env,
    APP_URL: app.url,
    PUBLIC_URL: app.url,
    DATABASE_URL: app.d.url,
    ASSENSO_HOME: app.home,
  };
  const cli = join(import.meta.dirname, "../../dist/assenso.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "setup", "--file", file, "--json"], { env });
  const made = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { organization: string; list: string; form: string };
  const form = made.form.slice(made.form.lastIndexOf("/") + 1);
  const s = await actingOn(app);
  const links = await askFor(s, form, "anna.rossi@esempio.it");
  // Confirming before the sandbox took the mail would be a person without any mail.
  for (let taken = false; !taken; await new Promise((resolve) => setTimeout(resolve, 100))) {
    taken = (await app.d.pool.query("select from confirmations where simulated")).rowCount === 1;
  }
  const view = links && (await confirm(s, { token: links.confirm, request: { ip: "2001:db8::7", ipFrom: "socket" } }));
  if (view?.state !== "confirmed") throw new Error("nobody confirmed");
  return { organization: made.organization, list: made.list, form, contact: String(view.contact), s };
}

function actingOn(app: App): Promise<Services> {
  const keyRingJson = readFileSync(join(app.home, "keys.json"), "utf8");
  const like = { keys: app.keys, journalFolder: join(app.home, "journal"), keyRingJson };
  return testServices(app.d, { like, settings: { PUBLIC_URL: app.url, APP_URL: app.url } });
}

/** Signs in as the owner who set up. */
export async function signIn(context: BrowserContext, app: App): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${app.url}/sign-in`);
  await page.locator('input[name="email"]').fill(ANSWERS.you.email);
  await page.locator('input[name="password"]').fill(ANSWERS.you.password);
  await page.locator('button[type="submit"]').first().click();
  await page.waitForURL(`${app.url}/`);
  await page.close();
}
