import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { clustersOf } from "./place.mjs";

const folder = mkdtempSync(join(tmpdir(), "place-"));
const variable = join(folder, "var");
after(() => rmSync(folder, { recursive: true }));

const dataFolder = (name: string) => {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  return home;
};

test("an ordinary user's clusters lie in the data folder", () => {
  const home = dataFolder("ordinary");
  assert.equal(clustersOf(home, "pg", false, variable), join(home, "pg"));
});

test("root's lie where an unprivileged user can reach them, one folder for each data folder", () => {
  const [one, other] = [dataFolder("one"), dataFolder("other")];
  const places = [
    clustersOf(one, "pg", true, variable),
    clustersOf(other, "pg", true, variable),
    clustersOf(one, "test", true, variable),
  ];
  assert.equal(new Set(places).size, 3);
  assert.ok(places.every((place) => place.startsWith(variable) && existsSync(place)));
  assert.equal(clustersOf(one, "pg", true, variable), places[0]);
});

test("a data folder that was moved finds its cluster; one that was copied begins its own", () => {
  const home = dataFolder("here");
  const place = clustersOf(home, "pg", true, variable);
  writeFileSync(join(place, "mark"), "");
  const copy = join(folder, "copy");
  cpSync(home, copy, { recursive: true });
  assert.notEqual(clustersOf(copy, "pg", true, variable), place);
  const moved = join(folder, "there");
  renameSync(home, moved);
  assert.equal(clustersOf(moved, "pg", true, variable), place);
  // A new folder where the old one was has nothing to do with it.
  assert.notEqual(clustersOf(dataFolder("here"), "pg", true, variable), place);
});

test("a data folder that was removed and made anew does not meet its former cluster", () => {
  const place = clustersOf(dataFolder("again"), "pg", true, variable);
  rmSync(join(folder, "again"), { recursive: true });
  assert.notEqual(clustersOf(dataFolder("again"), "pg", true, variable), place);
});
