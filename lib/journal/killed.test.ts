import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { ring } from "../crypto/keys.fixture.ts";
import { inFolder, writer } from "./journal.fixture.ts";
import { readJournal } from "./read.ts";

test("whatever was answered before kill -9 stands in the file, and the file verifies", { timeout: 60_000 }, () =>
  inFolder(async (folder) => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", new URL("killed.fixture.ts", import.meta.url).pathname, folder],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let told = "";
    child.stdout.on("data", (piece) => {
      told += piece;
      if (told.split("\n").length > 300) child.kill("SIGKILL");
    });
    await once(child, "close");
    assert.equal(child.signalCode, "SIGKILL");
    const answered = told.split("\n").slice(0, -1).map(Number); // what stands behind the last newline may be half a number
    const { lines } = await readJournal({ folder, writer, keys: ring(), gone: true });
    assert.ok(
      answered.length >= 300 && lines.length >= Math.max(...answered),
      `${lines.length} lines, ${answered.length} answers`,
    );
    assert.equal(new Set(answered).size, answered.length, "each number was answered once");
  }),
);
