import assert from "node:assert/strict";
import { test } from "node:test";
import * as dates from "./dates.ts";
import type { Language } from "./language.ts";
import { entryNumber, formatNumber, formatPercent } from "./numbers.ts";
import { isTimeZone, zoneCity } from "./zones.ts";

const monday = new Date("2026-11-30T08:00:00Z");
const evening = new Date("2026-09-01T22:05:59Z"); // 2 September, 0.05 in Rome
const rome = (language: Language) => ({ language, zone: "Europe/Rome" });

const written: Record<Language, { instant: string; short: string; near: string; table: string; date: string }> = {
  it: {
    instant: "lunedì 30 novembre 2026, ore 9.00 (Roma)",
    short: "2 set 2026, 0.05",
    near: "lun 30 nov",
    table: "02/09/2026 0:05",
    date: "30 novembre 2026",
  },
  en: {
    instant: "Monday 30 November 2026, 9:00 (Rome)",
    short: "2 Sept 2026, 0:05",
    near: "Mon 30 Nov",
    table: "02/09/2026 0:05",
    date: "30 November 2026",
  },
  de: {
    instant: "Montag, 30. November 2026, 9:00 Uhr (Rom)",
    short: "2. Sept. 2026, 0:05",
    near: "Mo. 30. Nov.",
    table: "02.09.2026 0:05",
    date: "30. November 2026",
  },
  fr: {
    instant: "lundi 30 novembre 2026, 9\u00a0h\u00a000 (Rome)",
    short: "2 sept. 2026, 0\u00a0h\u00a005",
    near: "lun. 30 nov.",
    table: "02/09/2026 0:05",
    date: "30 novembre 2026",
  },
  es: {
    instant: "lunes, 30 de noviembre de 2026, 9:00 (Roma)",
    short: "2 sept 2026, 0:05",
    near: "lun 30 nov",
    table: "02/09/2026 0:05",
    date: "30 de noviembre de 2026",
  },
};
for (const [language, expected] of Object.entries(written) as [Language, (typeof written)["it"]][]) {
  test(`instants are written as readers of ${language} expect them`, () => {
    const reader = rome(language);
    assert.equal(dates.formatInstant(monday, reader), expected.instant);
    assert.equal(dates.formatShort(evening, reader), expected.short);
    assert.equal(dates.formatNearDay(monday, reader), expected.near);
    assert.equal(dates.formatTable(evening, reader), expected.table);
    assert.equal(dates.formatDate(monday, reader), expected.date);
  });
}

test("the zone is the reader's, not the machine's", () => {
  assert.equal(
    dates.formatInstant(monday, { language: "it", zone: "Asia/Tokyo" }),
    "lunedì 30 novembre 2026, ore 17.00 (Tokyo)",
  );
  assert.equal(
    dates.formatInstant(evening, { language: "it", zone: "America/New_York" }),
    "martedì 1 settembre 2026, ore 18.05 (New York)",
  );
  assert.equal(dates.formatDay(new Date("2026-10-01T12:00:00Z"), rome("fr")), "jeudi 1er octobre 2026");
  assert.equal(zoneCity("America/Argentina/Buenos_Aires", "it"), "Buenos Aires");
  assert.equal(zoneCity("UTC", "it"), "UTC");
});

test("an instant that is none is an error, not a text", () => {
  assert.throws(() => dates.formatInstant(new Date(Number.NaN), rome("it")), RangeError);
});

test("four digits are grouped in every language", () => {
  const numbers: Record<Language, string> = { it: "2.964", en: "2,964", de: "2.964", fr: "2\u202f964", es: "2.964" };
  for (const [language, text] of Object.entries(numbers)) assert.equal(formatNumber(2964, language as Language), text);
  assert.equal(formatNumber(2964n, "it"), "2.964");
  assert.equal(formatNumber(2964.56, "it", 1), "2.964,6");
  assert.equal(formatPercent(0.123, "it"), "12,3%");
  assert.equal(entryNumber(4101, "it"), "n.\u00a04.102");
  assert.equal(entryNumber(4101, "en"), "no.\u00a04,102");
});

test("B94: a time zone is a name of the IANA database; no path, no offset, no long text", () => {
  for (const zone of [
    "Europe/Rome",
    "UTC",
    "Etc/GMT+5",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
    "Europe/Kyiv",
  ])
    assert.ok(isTimeZone(zone), zone);
  const wrong = [
    "Etc/../../x",
    "../UTC",
    "/etc/localtime",
    "Europe/Rome/",
    "Europe//Rome",
    "+01:00",
    "x",
    "",
    " UTC",
    "UTC\n",
    "Europe/Rome\0",
    "a".repeat(1e6),
  ];
  for (const zone of wrong) assert.ok(!isTimeZone(zone), zone.slice(0, 20));
});
