import assert from "node:assert/strict";
import { test } from "node:test";
import { csvLine } from "./csv.ts";

test("commas, quotes and line breaks are quoted; a number stays one; nothing is an empty cell", () => {
  assert.equal(
    csvLine(["a,b", 'di "ieri"', "due\nrighe", 1200, null, "però"]),
    '"a,b","di ""ieri""","due\nrighe",1200,,però\r\n',
  );
});

test("B28 what a spreadsheet would run is text", () => {
  for (const bad of ["=1+1", "+39", "-1", "@sum", "\t=1", "\r=1"]) assert.match(csvLine([bad]), /^"'/, bad);
  assert.equal(csvLine([-1]), "-1\r\n", "a number of ours is a number");
});
