import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Copies the icons that the screens use out of @tabler/icons (MIT) into public/sprite.svg, and their names into app/_ui/icon-names.ts.
 * Both are committed: run `node scripts/icons.mjs` after changing the list.
 */
const NAMES = [
  ...["search", "x", "copy", "dots-vertical", "external-link", "check", "alert-triangle", "info-circle", "circle-x"],
  ...["circle-check", "plus", "pencil", "trash", "send", "mail", "inbox", "users", "user", "list", "server"],
  ...["shield-check", "file-text", "building", "settings", "logout", "sun", "moon", "device-desktop", "chevron-down"],
  ...["chevron-right", "arrow-left", "arrow-right", "arrow-up", "arrow-down", "selector", "menu-2", "download", "eye"],
  ...["eye-off", "calendar", "clock", "player-play", "player-pause", "player-stop", "refresh", "world", "home", "ban"],
];

const root = dirname(import.meta.dirname);
const folder = join(dirname(createRequire(import.meta.url).resolve("@tabler/icons/package.json")), "icons", "outline");

const symbols = NAMES.map((name) => {
  const paths = readFileSync(join(folder, `${name}.svg`), "utf8").matchAll(/<path d="([^"]+)" \/>/g);
  return `<symbol id="${name}" viewBox="0 0 24 24">${[...paths].map(([, d]) => `<path d="${d}"/>`).join("")}</symbol>`;
});
const sprite = `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT License, Copyright (c) Paweł Kuna -->\n${symbols.join("\n")}\n</svg>\n`;
const version = createHash("sha256").update(sprite).digest("hex").slice(0, 8);

writeFileSync(join(root, "public", "sprite.svg"), sprite);
writeFileSync(
  join(root, "app", "_ui", "icon-names.ts"),
  `// Written by scripts/icons.mjs.\n\n/** The sprite's address changes with its content, so that it may be kept for ever. */\nexport const SPRITE = "/sprite.svg?v=${version}";\n\nexport type IconName =\n${[
    ...NAMES,
  ]
    .sort()
    .map((name) => `  | "${name}"`)
    .join("\n")};\n`,
);
process.stdout.write(`${NAMES.length} icons, version ${version}\n`);
