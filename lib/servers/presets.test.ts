import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };
import { SHARED_MOST } from "./check-limits.ts";
import { isPecHost, PRESET_GROUPS, PRESETS, presetOf, proposedHost } from "./presets.ts";
import { hostName, SMTP_PORTS } from "./target.ts";

type Words = { names: Record<string, string>; groups: Record<string, object>; notes: Record<string, string> };

test("CB-04 every preset names itself and its facts in both languages, with limits that the server accepts", () => {
  for (const messages of [it, en]) {
    const { names, groups, notes } = messages.servers.presets as Words;
    for (const preset of PRESETS) {
      assert.ok(names[preset.key], preset.key);
      for (const note of preset.notes) assert.ok(notes[note], note);
    }
    for (const group of PRESET_GROUPS) assert.ok(groups[group], group);
    const used = new Set(PRESETS.flatMap((preset) => preset.notes));
    assert.deepEqual(
      Object.keys(notes).filter((note) => !used.has(note)),
      [],
      "no note without a preset",
    );
  }
  for (const { key, kind, limits, ports, encryption, auth, host, example } of PRESETS) {
    assert.ok(kind !== "shared" || (limits.perDay ?? Number.POSITIVE_INFINITY) <= SHARED_MOST, key);
    assert.ok((limits.reserve ?? 0) < (limits.perHour ?? limits.perDay ?? Number.POSITIVE_INFINITY), key);
    assert.ok(
      ports.every((port) => SMTP_PORTS.includes(port)),
      key,
    );
    assert.ok(encryption !== "none" && auth.length > 0, `${key}: nothing goes in clear`);
    for (const name of [host.replace("{domain}", "x.it"), example ?? ""]) assert.ok(!name || hostName(name), key);
  }
  assert.equal(new Set(PRESETS.map(({ key }) => key)).size, PRESETS.length);
});

test("what the source document says of its own services is what the presets propose", () => {
  const hosting = presetOf("hosting");
  assert.deepEqual(
    [hosting?.ports, hosting?.encryption, hosting?.limits.perDay, hosting?.limits.perHour, hosting?.incoming],
    [[25, 8081], "starttls", 250, 60, { imap: 143, pop3: [110, 995] }],
  );
  const dedicated = presetOf("newmedialabs");
  assert.deepEqual([dedicated?.auth, dedicated?.limits.perDay, dedicated?.expires], [["none", "password"], null, true]);
  assert.deepEqual([presetOf("outlook")?.auth, presetOf("outlook")?.host], [["oauth2"], "smtp-mail.outlook.com"]);
});

test("a host is proposed from the sender's own domain, never from that of a large mailbox provider", () => {
  const hosting = presetOf("hosting");
  assert.ok(hosting);
  assert.equal(proposedHost(hosting, "news@Libreria.it"), "mail.libreria.it");
  assert.equal(proposedHost(hosting, "libreria@gmail.com"), "");
  const gmail = presetOf("gmail");
  assert.ok(gmail && proposedHost(gmail, "news@libreria.it") === "smtp.gmail.com");
});

test("hosts of certified mail are known as such, others are not", () => {
  for (const host of [
    "smtps.pec.aruba.it",
    "sendm.cert.legalmail.it",
    "smtp.pec.it",
    "smtp.postacert.it.net",
    "pec.esempio.it",
  ])
    assert.ok(isPecHost(host), host);
  for (const host of ["smtps.aruba.it", "mail.specialisti.it", "smtp.concert.it", "speculare.it", "pecora.it"])
    assert.ok(!isPecHost(host), host);
});
