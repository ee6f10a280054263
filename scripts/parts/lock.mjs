/** @typedef {{ version?: string, extraneous?: boolean, optionalDependencies?: Record<string, string>, [key: string]: unknown }} Entry */
/** @typedef {{ packages: Record<string, Entry> }} Lock */

/** What makes `npm ci` stop, or install otherwise than here: one line each. */
export function lockFaults(/** @type {Lock} */ lock) {
  return [
    ...missing(lock).map(({ name, by }) => `${name}, an optional package of ${by}, is missing`),
    ...Object.keys(lock.packages)
      .filter((path) => lock.packages[path]?.extraneous)
      .map((path) => `${path} belongs to nobody`),
    ...Object.entries(lock.packages)
      .filter(([, entry]) => entry.resolved && !entry.link)
      .map(([path]) => `${path} names a registry`),
  ];
}

/** The lock with every optional package of every platform, without what belongs to nobody or names a registry. Entries are in npm's order. */
export function mendLock(/** @type {Lock} */ lock) {
  const added = missing(lock).map(({ name, range }) => [`node_modules/${name}`, platformEntry(name, range)]);
  const kept = Object.entries(lock.packages)
    .filter(([, entry]) => !entry.extraneous)
    .map(([path, { resolved, ...entry }]) => [path, entry.link ? { resolved, ...entry } : entry]);
  const packages = [...kept, ...added].sort(([a], [b]) => String(a).localeCompare(String(b), "en"));
  return { ...lock, packages: Object.fromEntries(packages) };
}

/** @returns {{ name: string, range: string, by: string }[]} */
function missing(/** @type {Lock} */ { packages }) {
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.extraneous) continue;
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
        found.set(name, { name, range, by: path.replace(/^.*node_modules\//, "") });
    }
  }
  return [...found.values()];
}

/** What npm would have written, but for the integrity that only the registry knows: the platform stands in the name. */
function platformEntry(/** @type {string} */ name, /** @type {string} */ range) {
  const part = (/** @type {RegExp} */ form) => form.exec(name)?.[1];
  const os = part(/(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32|windows)/);
  const cpu = part(/(arm64|armv7|aarch64|loong64|mips64el|ppc64le|ppc64|riscv64|s390x|x64|ia32|wasm32|arm)/);
  return {
    version: range.replace(/^[^\d]*/, ""),
    ...(os ? { os: [os === "windows" ? "win32" : os] } : {}),
    ...(cpu
      ? { cpu: [cpu === "aarch64" ? "arm64" : cpu === "armv7" ? "arm" : cpu === "ppc64le" ? "ppc64" : cpu] }
      : {}),
    ...(/musl/.test(name) ? { libc: ["musl"] } : {}),
    optional: true,
    license: "MIT",
  };
}
