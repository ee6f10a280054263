import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "../../db/migrate.ts";
import { buildWorker } from "../../scripts/parts/build.mjs";
import { PROJECT } from "../../scripts/parts/settings.mjs";
import type { Fault } from "./harness/fault.ts";
import { paths } from "./harness/paths.ts";
import { onStage, type Stage } from "./harness/stage.ts";
import { Running } from "./harness/worker.ts";

/** What the next version might add: expand first (docs/decisions/0002). */
const EXPAND = `alter table deliveries add column proof_note text;
--> statement-breakpoint
alter table campaigns add column proof_mark integer not null default 0;
--> statement-breakpoint
create index proof_by_mark on campaigns (proof_mark);`;

export const faults: Fault[] = [
  {
    id: "F35",
    title: "the schema grows under a running campaign, old and new workers side by side [F35]",
    run: ({ size }) =>
      onStage({ people: size(500, 1500, 3000), behaviour: { slow: 12 } }, async (stage) => {
        const next = await nextVersion(stage);
        const campaign = await stage.campaign();
        await stage.fleet.be(2);
        await stage.reach(50);
        await migrate(stage.d.ownerUrl, next.migrations);
        const from = Date.now();
        stage.count("others");
        await stage.resumed(from, campaign);
        // Those of the old version go on; new ones come beside them, then the old ones go, as a deploy does.
        await stage.fleet.add({ file: next.worker });
        await stage.fleet.add({ file: next.worker });
        await stage.reach(stage.arrived() + 50);
        for (const old of stage.fleet.all.splice(0, 2)) await old.end("SIGTERM");
        await stage.ended(campaign);
      }),
  },
  {
    id: "F36",
    title: "a worker older or newer than the schema: it says so and takes nothing [F36]",
    run: ({ size }) =>
      onStage({ people: size(50, 100, 200) }, async (stage) => {
        const next = await nextVersion(stage);
        const campaign = await stage.campaign();
        await refuses(stage, next.worker, /older than this version/);
        await migrate(stage.d.ownerUrl, next.migrations);
        await refuses(stage, undefined, /newer than this version/);
        stage.count("others", 2);
        const { claimed = 0, sending = 0, accepted = 0 } = await stage.states(campaign);
        if (claimed + sending + accepted + stage.arrived() > 0)
          stage.wrong.push("a worker of another version took rows");
        await stage.fleet.add({ file: next.worker });
        await stage.ended(campaign);
      }),
  },
];

/** Migrations with one more, and a worker that was built with them. */
async function nextVersion(stage: Stage): Promise<{ migrations: string; worker: string }> {
  const folder = mkdtempSync(join(PROJECT, "node_modules/.cache/next-"));
  stage.after(() => rmSync(folder, { recursive: true, force: true }));
  const migrations = join(folder, "db/migrations");
  for (const part of ["lib", "db", "workers", "messages", "scripts", "app", "package.json", "tsconfig.json"])
    cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  const file = join(migrations, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: { idx: number; when: number; tag: string }[] };
  const last = journal.entries.at(-1);
  if (!last) throw new Error("there are migrations");
  const entry = { ...last, idx: last.idx + 1, when: last.when + 1000, tag: "9999_expand" };
  writeFileSync(file, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  writeFileSync(join(migrations, "9999_expand.sql"), EXPAND);
  await buildWorker(folder, join(folder, "dist"));
  return { migrations, worker: join(folder, "dist/worker.mjs") };
}

/** Starts a worker that must end by itself, with a clear word. */
async function refuses(stage: Stage, file: string | undefined, word: RegExp): Promise<void> {
  const one = new Running({ file: file ?? paths.worker, env: stage.env });
  stage.after(() => one.end());
  const ready = await one.ready.then(
    () => true,
    () => false,
  );
  if (ready) stage.wrong.push("a worker started over another version's schema");
  else if (!word.test(one.said())) stage.wrong.push(`it did not say why: ${one.said().slice(-300)}`);
  await one.end();
}
