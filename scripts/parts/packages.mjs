import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.mjs";
import { Problem, sentenceFor } from "./problem.mjs";

/**
 * Whether the packages differ from the lock file. npm leaves its own account of what is installed in node_modules; that is compared,
 * so that nothing is installed twice and no stamp of ours can be wrong.
 *
 * @param {string} project
 * @param {{ dev: boolean }} o dev: the packages that only tests and checks need count too
 */
export function packagesDue(project, { dev }) {
  const account = join(project, "node_modules/.package-lock.json");
  if (!existsSync(account)) return true;
  const [wanted, present] = [join(project, "package-lock.json"), account].map(
    (file) => JSON.parse(readFileSync(file, "utf8")).packages,
  );
  return Object.entries(wanted).some(([path, { version, optional, peer, dev: forDev }]) => {
    if (path === "" || (forDev && !dev)) return false;
    const there = present[path];
    return there ? there.version !== version : !optional && !peer;
  });
}

/**
 * @param {string} project
 * @param {AbortSignal} [signal]
 */
export async function installPackages(project, signal) {
  const { code, said } = await command("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: project,
    ...(signal ? { signal } : {}),
  });
  if (code === 0) return;
  const sentence = sentenceFor(said, project);
  const network = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET/.exec(said)?.[0];
  throw new Problem(
    sentence ??
      (network
        ? `The packages could not be fetched (${network}): check the connection to the npm registry and start again.`
        : `npm ci did not succeed:\n${said.trim().split("\n").slice(-15).join("\n")}`),
  );
}
