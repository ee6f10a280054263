import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { END } from "./test-reporter.mjs";

// Test files one after the other in one process, each as one test whose parts are its own: what a file gives to `before` and `after` is of that file.
for (const file of process.argv.slice(2)) {
  await test(file, async (t) => {
    await import(pathToFileURL(file).href);
    // The parts of a test run in their order: this one when all of the file's have ended.
    await t.test(END, () => undefined);
  });
}
