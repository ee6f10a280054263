import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";

const origin = (name: string) =>
  z
    .url({ protocol: /^https?$/, error: `${name} must be an address like https://news.example.it`, abort: true })
    .refine(
      (text) => /^https?:\/\/[^/?#@]+\/?$/i.test(text),
      `${name} must be scheme, host and port alone, without a path`,
    )
    .transform((text) => new URL(text).origin);

const postgres = (name: string) =>
  z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, `${name} must be an address like postgres://user:password@host:5432/database`);

/** host:port pairs, as the operator writes them: `mail.lan:25, 127.0.0.1:2525`. */
const pairs = z.string().transform((text, context) =>
  words(text).map((word) => {
    const [, host, port] = /^(.+):(\d{1,5})$/.exec(word) ?? [];
    if (!host || !port || Number(port) > 65535) context.addIssue(`ASSENSO_SMTP_ALLOW: "${word}" must be host:port`);
    return { host: (host ?? "").replace(/^\[|\]$/g, "").toLowerCase(), port: Number(port) };
  }),
);

const proxies = z.string().transform((text, context) => {
  const all = words(text);
  for (const word of all.filter((word) => !isProxy(word))) {
    context.addIssue(`TRUSTED_PROXIES: "${word}" must be an address, a network like 10.0.0.0/8, or loopback`);
  }
  return all;
});

const Env = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "PORT must be a number from 1 to 65535")
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65535, "PORT must be a number from 1 to 65535")
    .default(3000),
  /** Where staff sign in. */
  APP_URL: origin("APP_URL").optional(),
  /** What links in mail begin with. */
  PUBLIC_URL: origin("PUBLIC_URL").optional(),
  DATABASE_URL: postgres("DATABASE_URL").optional(),
  /** The same database without a pooler between: session locks and LISTEN need it. */
  DATABASE_DIRECT_URL: postgres("DATABASE_DIRECT_URL").optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/\S+$/, "REDIS_URL must be an address like redis://host:6379")
    .optional(),
  ASSENSO_HOME: z
    .string()
    .default(".assenso")
    .transform((path) => resolve(path)),
  /** The key ring's JSON, where it does not lie in ASSENSO_HOME. */
  ASSENSO_KEYS: z.string().startsWith("{", "ASSENSO_KEYS must be the JSON of a key ring").optional(),
  ASSENSO_SMTP_ALLOW: pairs.default([]),
  TRUSTED_PROXIES: proxies.default([]),
  /** Where the source of this installation's program stands, if not with us (AGPL-3.0 §13); left out: /source hands out what was built. */
  SOURCE_URL: z
    .url({ protocol: /^https?$/, error: "SOURCE_URL must be an address like https://code.example.it/assenso" })
    .optional(),
  /** Shows the page of all components, /kit, in production too. */
  ASSENSO_KIT: z.string().optional(),
  LOG_LEVEL: z.enum(["error", "warn", "info", "debug"], "LOG_LEVEL must be error, warn, info or debug").default("info"),
});

type Read = z.infer<typeof Env>;
export type Config = Readonly<
  Omit<Read, "APP_URL" | "PUBLIC_URL" | "DATABASE_URL" | "DATABASE_DIRECT_URL"> & {
    APP_URL: string;
    PUBLIC_URL: string;
    DATABASE_URL: string;
    DATABASE_DIRECT_URL: string;
  }
>;

/** Every fault of the settings, one sentence each, together: a first run is put right in one pass. */
export class ConfigFaults extends Error {
  override readonly name = "ConfigFaults";
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`Settings need attention:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/**
 * Reads the settings from outside, once, at process start. Each may also be given as `NAME_FILE`, the path of a file that holds it;
 * an empty value counts as absent. APP_URL defaults to localhost with PORT, PUBLIC_URL to APP_URL, DATABASE_DIRECT_URL to DATABASE_URL.
 *
 * @throws ConfigFaults with all faults
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const faults: string[] = [];
  const given = Object.fromEntries(Object.keys(Env.shape).map((name) => [name, setting(env, name, faults)]));
  const read = Env.safeParse(given);
  if (!read.success) faults.push(...read.error.issues.map((issue) => issue.message));
  if (!given.DATABASE_URL) faults.push("DATABASE_URL is not set (npm start sets it for the embedded database)");
  if (!read.success || faults.length > 0) throw new ConfigFaults(faults);
  const appUrl = read.data.APP_URL ?? `http://localhost:${read.data.PORT}`;
  const databaseUrl = read.data.DATABASE_URL ?? "";
  return Object.freeze({
    ...read.data,
    APP_URL: appUrl,
    PUBLIC_URL: read.data.PUBLIC_URL ?? appUrl,
    DATABASE_URL: databaseUrl,
    DATABASE_DIRECT_URL: read.data.DATABASE_DIRECT_URL ?? databaseUrl,
  });
}

function setting(env: Record<string, string | undefined>, name: string, faults: string[]): string | undefined {
  const [value, file] = [env[name]?.trim() || undefined, env[`${name}_FILE`]?.trim() || undefined];
  if (!file) return value;
  if (value) faults.push(`${name} and ${name}_FILE are both set: leave one`);
  try {
    // Next would take a path that it does not know for the whole project, and trace all of it.
    return readFileSync(/* turbopackIgnore: true */ file, "utf8").trim() || undefined;
  } catch (error) {
    faults.push(`${name}_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function isProxy(word: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(word)) return true;
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(word) ?? [];
  const family = isIP(address);
  return family > 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
}
