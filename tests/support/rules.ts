import { dirname, join, normalize } from "node:path";

export type Source = { path: string; text: string };
/** Gives one line for each offence in a file; `offends` are files that it must find. */
export type Rule = { says: string; offends: Source[]; check(source: Source): string[] };

/** Domains in the one order that imports follow: a domain may import those before it, never after. */
export const DOMAINS = [
  ...["ledger", "journal", "audit", "organizations", "users", "notices", "lists", "contacts", "suppression", "consent"],
  ...["segments", "forms", "imports", "templates", "servers", "campaigns", "delivery", "inbound", "tracking"],
  ...["requests", "retention", "reports", "demo"],
];
/** What every domain may import. */
const BASE = ["crypto", "jobs", "text", "clock.ts", "config.ts", "errors.ts", "log.ts", "parent.ts", "services.ts"];
/** Who asks and what they may: the vocabulary of every signed-in verb, whatever its domain. */
const WHO = ["lib/users/who.ts", "lib/users/roles.ts"];
/** The world of a verb names the parts that it is made of, and a process opens them. */
const COMPOSED = ["lib/services.ts", "lib/process.ts"];

type Import = { name: string; target: string | undefined };

/** What a file imports: packages by name, files of ours by their path in the project. */
export function importsOf({ path, text }: Source): Import[] {
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const found = code.matchAll(
    /(?:^|[\s;])(?:import|export)\s*(?:[\w*{}\s,$]+?\sfrom\s*)?["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']/g,
  );
  return [...found].map((match) => {
    const name = match[1] ?? match[2] ?? "";
    return { name, target: name.startsWith(".") ? normalize(join(dirname(path), name)) : undefined };
  });
}

const isPackage = (name: string, ...packages: string[]) =>
  packages.some((one) => name === one || name.startsWith(`${one}/`));
const inside = (target: string | undefined, ...folders: string[]) =>
  folders.some((folder) => target === folder || target?.startsWith(`${folder}/`));
const domainOf = (path: string) => (path.startsWith("lib/") ? path.split("/")[1] : undefined);
const offences = (source: Source, wrong: (one: Import) => boolean) =>
  importsOf(source)
    .filter(wrong)
    .map(({ name }) => `${source.path} imports ${name}`);
const matches = ({ path, text }: Source, form: RegExp) =>
  text
    .split("\n")
    .flatMap((line, i) =>
      !/^\s*(\/\/|\*|\/\*)/.test(line) && form.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [],
    );

/** The screen that a file of app belongs to: `(admin)/lists`, `f`; files beside the screens belong to their group. */
function screenOf(path: string): string {
  const [, first = "", second = "", third] = path.split("/");
  return first.startsWith("(") && third ? `${first}/${second}` : first;
}

export const RULES: Rule[] = [
  {
    says: "app imports lib, app/_ui, app/_server and its own screen; of the database only app/_server opens it",
    offends: [
      { path: "app/(admin)/lists/page.tsx", text: 'import { lists } from "../../../db/schema/lists.ts";' },
      { path: "app/(admin)/lists/page.tsx", text: 'import { sql } from "drizzle-orm";' },
      { path: "app/(admin)/lists/page.tsx", text: 'import { Form } from "../contacts/form.tsx";' },
      { path: "app/u/[token]/route.ts", text: 'import { main } from "../../../workers/main.ts";' },
    ],
    check: (source) => {
      if (!source.path.startsWith("app/")) return [];
      return offences(source, ({ name, target }) => {
        if (!target) return isPackage(name, "drizzle-orm", "pg", "bullmq", "ioredis", "nodemailer", "mjml", "liquidjs");
        if (inside(target, "lib", "app/_ui", "app/_server", "messages", "public")) return false;
        if (inside(target, "db/client.ts")) return !source.path.startsWith("app/_server/");
        // What stands in a folder above belongs to all that is below it.
        const above =
          dirname(target) === dirname(source.path) ||
          (dirname(target) !== "app" && source.path.startsWith(`${dirname(target)}/`));
        return !target.startsWith("app/") || (!above && screenOf(target) !== screenOf(source.path));
      });
    },
  },
  {
    says: "workers import lib and db/client, never pages, Next or React",
    offends: [
      { path: "workers/main.ts", text: 'import { session } from "../app/_server/session.ts";' },
      { path: "workers/main.ts", text: 'import next from "next";' },
      { path: "workers/processors/x.ts", text: 'import { lists } from "../../db/schema/lists.ts";' },
    ],
    check: (source) =>
      source.path.startsWith("workers/")
        ? offences(source, ({ name, target }) =>
            target
              ? !inside(target, "lib", "workers", "db/client.ts")
              : isPackage(name, "next", "react", "react-dom", "drizzle-orm", "bullmq"),
          )
        : [],
  },
  {
    says: "lib runs without Next, React and queues, and imports none of what calls it",
    offends: [
      { path: "lib/lists/create.ts", text: 'import { headers } from "next/headers";' },
      { path: "lib/lists/create.ts", text: 'import { Queue } from "bullmq";' },
      { path: "lib/lists/create.ts", text: 'import { x } from "../../app/_server/x.ts";' },
      { path: "lib/lists/create.ts", text: 'export * from "../../scripts/cli/main.ts";' },
    ],
    check: (source) => {
      if (!source.path.startsWith("lib/")) return [];
      const queues = source.path.startsWith("lib/jobs/") ? [] : ["bullmq", "ioredis"];
      return offences(source, ({ name, target }) =>
        target
          ? !inside(target, "lib", "db", "messages") || target === "db/migrate.ts"
          : isPackage(name, "next", "react", "react-dom", "server-only", ...queues),
      );
    },
  },
  {
    says: "db imports nothing of ours",
    offends: [{ path: "db/client.ts", text: 'import { x } from "../lib/errors.ts";' }],
    check: (source) =>
      source.path.startsWith("db/")
        ? offences(source, ({ target }) => target !== undefined && !inside(target, "db"))
        : [],
  },
  {
    says: `domains import only those before them: ${DOMAINS.join(", ")}`,
    offends: [
      { path: "lib/lists/create.ts", text: 'import { decide } from "../consent/gate.ts";' },
      { path: "lib/text/clean.ts", text: 'import { decide } from "../consent/gate.ts";' },
      { path: "lib/somewhere/new.ts", text: "" },
    ],
    check: (source) => {
      const domain = domainOf(source.path);
      if (!domain || COMPOSED.includes(source.path)) return [];
      if (!DOMAINS.includes(domain) && !BASE.includes(domain)) return [`${source.path} is in no known domain`];
      return offences(source, ({ target }) => {
        const other = target && domainOf(target);
        if (!other || other === domain || BASE.includes(other) || WHO.includes(target)) return false;
        return (
          !DOMAINS.includes(domain) || !DOMAINS.includes(other) || DOMAINS.indexOf(other) > DOMAINS.indexOf(domain)
        );
      });
    },
  },
  {
    says: "another domain's queries are private",
    offends: [{ path: "lib/delivery/x.ts", text: 'import { q } from "../campaigns/queries.ts";' }],
    check: (source) =>
      offences(
        source,
        ({ target = "" }) => /^lib\/.*\/queries\.ts$/.test(target) && domainOf(target) !== domainOf(source.path),
      ),
  },
  {
    says: "there are no barrels",
    offends: [{ path: "lib/lists/index.ts", text: "" }],
    check: ({ path }) => (/\/index\.tsx?$/.test(path) ? [`${path} is a barrel`] : []),
  },
  {
    says: "a client file imports React, React Aria, the editor, app/_ui, its own folder and types; only app/_ui knows the router",
    offends: [
      { path: "app/(admin)/lists/form.tsx", text: '"use client";\nimport Link from "next/link";' },
      {
        path: "app/(admin)/lists/form.tsx",
        text: '"use client";\nimport { create } from "../../../lib/lists/create.ts";',
      },
      { path: "app/_ui/x.tsx", text: '"use client";\nimport { s } from "../_server/services.ts";' },
      { path: "app/_ui/x.tsx", text: '"use client";\nimport { cookies } from "next/headers";' },
    ],
    check: (source) => {
      const router = inside(source.path, "app/_ui") ? ["next/link", "next/navigation"] : [];
      if (!/^(\/\/.*\n)*["']use client["']/.test(source.text)) return [];
      return offences(source, ({ name, target }) => {
        if (!target)
          return (
            !isPackage(name, "react", "react-dom", "codemirror", ...router) &&
            !/^(react-aria|@react-aria|@internationalized\/date|@codemirror\/)/.test(name)
          );
        return !(inside(target, "app/_ui", dirname(source.path)) || /^lib\/.*\/types\.ts$/.test(target));
      });
    },
  },
  {
    says: "SMTP is spoken in lib/delivery and lib/servers alone, templates compiled in lib/templates alone",
    offends: [
      { path: "lib/campaigns/x.ts", text: 'import x from "nodemailer/lib/mail-composer/index.js";' },
      { path: "lib/campaigns/x.ts", text: 'import { Liquid } from "liquidjs";' },
    ],
    check: (source) =>
      offences(source, ({ name }) => {
        if (isPackage(name, "nodemailer", "smtp-server")) return !inside(source.path, "lib/delivery", "lib/servers");
        return isPackage(name, "mjml", "liquidjs", "html-to-text") && !inside(source.path, "lib/templates");
      }),
  },
  {
    says: "in lib the outside world comes as an argument: environment, time, chance",
    offends: [
      { path: "lib/lists/x.ts", text: "const port = process.env.PORT;" },
      { path: "lib/lists/x.ts", text: "const at = new Date();" },
      { path: "lib/lists/x.ts", text: "const at = Date.now();" },
      { path: "lib/lists/x.ts", text: "const n = Math.random();" },
    ],
    check: (source) => {
      if (!source.path.startsWith("lib/")) return [];
      if (COMPOSED.includes(source.path)) return [];
      const env = source.path === "lib/config.ts" ? [] : matches(source, /process\.env/);
      return [...env, ...matches(source, /new Date\(\)|\bDate\.now\(\)|Math\.random/)];
    },
  },
  {
    says: "`server-only` stands in app/_server, where it does not keep worker and tests from running",
    offends: [{ path: "app/(admin)/lists/data.ts", text: 'import "server-only";' }],
    check: (source) =>
      inside(source.path, "app/_server") ? [] : offences(source, ({ name }) => name === "server-only"),
  },
  {
    says: "imports of our own files name the file whole",
    offends: [{ path: "lib/lists/x.ts", text: 'import { x } from "./y";' }],
    check: (source) =>
      offences(source, ({ name, target }) => target !== undefined && !/\.(tsx?|mjs|json|css|svg)$/.test(name)),
  },
  {
    says: "no file is longer than 300 lines without saying why in its first line",
    offends: [{ path: "lib/lists/x.ts", text: "x\n".repeat(301) }],
    check: ({ path, text }) => {
      const lines = text.split("\n").length - 1;
      return lines > 300 && !/^(\/\/|\/\*) long: .{10}/.test(text) ? [`${path} has ${lines} lines`] : [];
    },
  },
  {
    says: "nothing of ours names another host: pages load from this one alone",
    offends: [
      { path: "app/_ui/x.tsx", text: 'const src = "https://cdn.somewhere.com/x.js";' },
      { path: "app/layout.tsx", text: 'import { Inter } from "next/font/google";' },
      { path: "app/globals.css", text: "@import url(//fonts.somewhere.com/x.css);" },
    ],
    check: (source) => {
      const urls = matches(source, /(?:https?:)?\/\/[a-z0-9-]+(\.[a-z0-9-]+)+/i).filter((line) => namesHost(line));
      return [...urls, ...offences(source, ({ name }) => name.startsWith("next/font"))];
    },
  },
];

/** Names that stand for nobody (RFC 2606, RFC 6761), this machine, and namespaces of XML, which nobody fetches. */
const NOBODY =
  /^(localhost|127\.0\.0\.1|0\.0\.0\.0|www\.w3\.org|([a-z0-9-]+\.)*example(\.(com|org|net|it))?|([a-z0-9-]+\.)*(test|invalid|local|localhost))$/i;

function namesHost(line: string): boolean {
  const found = line.matchAll(/(?:https?:)?\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi);
  return [...found].some(([, host = ""]) => !NOBODY.test(host) && /\.[a-z]{2,}$/i.test(host));
}
