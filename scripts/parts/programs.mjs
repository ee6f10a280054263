import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Problem } from "./problem.mjs";

/** Programs that tests need and npm does not bring; packages in the order in which they are tried. @type {Record<string, { apt: string[], names: string[], why: string }>} */
const PROGRAMS = {
  redis: { apt: ["redis-server"], names: ["redis-server"], why: "The queue tests run on Redis too" },
  chromium: {
    // The same browser without what a window needs: a fifth less CPU for a page and a look of axe at it.
    apt: ["chromium-headless-shell", "chromium"],
    names: ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    why: "The browser tests need a chromium",
  },
  "smtp-source": {
    apt: ["postfix"],
    names: ["smtp-source", "/usr/sbin/smtp-source"],
    why: "The benchmark of the engine compares itself with Postfix's smtp-source",
  },
  postgres15: {
    apt: ["postgresql-15"],
    names: ["/usr/lib/postgresql/15/bin/postgres"],
    why: "The database tests run on PostgreSQL 15 too",
  },
};

/**
 * The path of a program, installed through apt when it is missing and this is root.
 *
 * @param {"redis" | "chromium" | "postgres15" | "smtp-source"} name
 * @throws {Problem} which says the one line that installs it
 */
export function program(name) {
  const wanted = /** @type {typeof PROGRAMS[string]} */ (PROGRAMS[name]);
  const found = find(wanted.names);
  if (found) return found;
  const mayInstall = process.getuid?.() === 0 && find(["apt-get"]) !== undefined;
  for (const name of mayInstall ? wanted.apt : []) {
    install(name);
    const installed = find(wanted.names);
    if (installed) return installed;
  }
  throw new Problem(`${wanted.why}, which is missing here. As root: apt-get install ${wanted.apt.join(", or ")}`);
}

function find(/** @type {string[]} */ names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = names.flatMap((name) => (name.startsWith("/") ? [name] : folders.map((folder) => join(folder, name))));
  return paths.find((path) => existsSync(path));
}

/** Debian starts what it installs (Redis on 6379, a cluster on 5432): for as long as it installs, two files keep it from that. */
function install(/** @type {string} */ name) {
  const policy = "/usr/sbin/policy-rc.d";
  const cluster = "/etc/postgresql-common/createcluster.d/assenso.conf";
  const ownPolicy = !existsSync(policy);
  if (ownPolicy) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  if (name.startsWith("postgresql")) {
    mkdirSync(join(cluster, ".."), { recursive: true });
    writeFileSync(cluster, "create_main_cluster = false\n");
  }
  const options = {
    stdio: /** @type {const} */ ("ignore"),
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  const patience = ["-o", "DPkg::Lock::Timeout=180"];
  spawnSync("apt-get", ["update", "-qq", ...patience], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...patience, name], options);
  rmSync(cluster, { force: true });
  if (ownPolicy) rmSync(policy, { force: true });
}
