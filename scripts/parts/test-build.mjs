import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { APART, WITH_PACKAGES } from "./bundle.mjs";

/** Packages of tests that read their own text or files. */
const TOOLS = ["axe-core", "playwright-core", "tsx", "drizzle-kit", "typescript"];

/**
 * Makes JavaScript of test files, with what they share in chunks: node starts one in 0.2 s of CPU, where a loader that looks at each module
 * takes 0.9.
 *
 * @param {string} project
 * @param {string[]} files paths from the project folder
 * @param {string} outdir below the project, so that packages are found
 */
export async function buildTests(project, files, outdir) {
  await build({
    ...{ absWorkingDir: project, entryPoints: files, outbase: project, outdir, outExtension: { ".js": ".mjs" } },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node20" },
    ...{ ...WITH_PACKAGES, external: [...APART, ...TOOLS] },
    // Two functions of one name in a bundle stay so: tests read names.
    ...{ keepNames: true, sourcemap: "linked", logLevel: "error", plugins: [ownPlace] },
  });
}

const OWN = /\bimport\.meta\.(dirname|url)\b/;

/**
 * What a module asks about its own place is answered with that of its source.
 *
 * @type {import("esbuild").Plugin}
 */
export const ownPlace = {
  name: "own-place",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.(ts|tsx|mjs)$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!OWN.test(text)) return undefined;
      const place = { dirname: dirname(path), url: pathToFileURL(path).href };
      const contents = text.replace(new RegExp(OWN, "g"), (_, what) =>
        JSON.stringify(place[/** @type {keyof typeof place} */ (what)]),
      );
      return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
    }),
};
