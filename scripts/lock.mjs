import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockFaults, mendLock } from "./parts/lock.mjs";
import { PROJECT } from "./parts/settings.mjs";

/**
 * Completes package-lock.json. Run it after each `npm install`: a registry may lack optional packages of other platforms; npm then leaves
 * them out of the lock file, and `npm ci` stops ("Missing: … from lock file").
 */
const file = join(PROJECT, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const faults = lockFaults(lock);
if (faults.length > 0) writeFileSync(file, `${JSON.stringify(mendLock(lock), null, 2)}\n`);
console.log(
  faults.length > 0 ? `${faults.length} entries of package-lock.json put right` : "package-lock.json is complete",
);
