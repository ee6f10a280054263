import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startApp } from "../support/app.ts";
import { openBrowser, watchedContext } from "../support/browser.ts";
import { furnish, signIn } from "../support/furnished.ts";
import { sinkServer } from "../support/sending.ts";

const app = await startApp({ after });
const made = await furnish(app);
const browser = await openBrowser({ after });

test("an owner makes keys, copies the record, takes a key away, and is told why a provider's key is not taken (AU-02)", async () => {
  const server = await sinkServer(made.s, { organization: made.organization, port: 25 });
  const { context, faults } = await watchedContext(browser, [new URL(app.url).host], {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await signIn(context, app);
  const page = await context.newPage();
  await page.goto(`${app.url}/servers/${server}/dkim`);
  await page.getByText("Nessuno firma i messaggi di libreria.example.").waitFor();
  await page.getByRole("button", { name: "Crea le chiavi" }).click();
  await page.getByText("aspettano il loro record").waitFor();
  const names = page.getByLabel("Nome", { exact: true });
  assert.equal(await names.count(), 2, "RSA and Ed25519");
  assert.match(await names.first().inputValue(), /^assenso-\d{8}-rsa\._domainkey$/);
  const value = await page.getByLabel("Valore (TXT)").first().inputValue();
  assert.match(value, /^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{390,}=*$/);
  await page.getByRole("button", { name: "Copia" }).nth(1).click();
  await page.getByRole("button", { name: "Copiato" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), value);
  await page.getByText("Il pannello accetta al massimo 255 caratteri?").click();
  const pieces = [await page.getByLabel("Pezzo 1").inputValue(), await page.getByLabel("Pezzo 2").inputValue()];
  assert.deepEqual([pieces.join(""), pieces[0]?.length], [value, 255]);
  // By keyboard: the dialog's safe choice has the focus, the other one is one step further.
  await page.getByRole("button", { name: "Togli la chiave" }).last().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("h3").length === 1);
  await page.getByLabel("Firma il fornitore").check();
  await page.getByLabel("Dominio della firma (d=)").fill("fornitore.example");
  await page.getByLabel("Selettore (s=)").fill("k1");
  await page.getByRole("button", { name: "Salva" }).click();
  // With the DNS of this machine there is none, or nobody to ask: both have their sentence.
  await page
    .getByText(/Nel DNS non c’è nessuna chiave|Il DNS non ha risposto/)
    .first()
    .waitFor();
  assert.equal(await page.getByLabel("Selettore (s=)").inputValue(), "k1", "what was typed stays");
  assert.deepEqual(faults, []);
  await context.close();
});
