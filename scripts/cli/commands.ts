import { doctor } from "./doctor.ts";
import { keysRotate } from "./keys-rotate.ts";
import type { Answer, Options } from "./main.ts";
import { migrateCommand } from "./migrate.ts";
import { prepare } from "./prepare.ts";
import { setup } from "./setup.ts";
import { setUpLinkCommand } from "./setup-link.ts";
import { userReset } from "./user-reset.ts";

type Command = { does: string; options: string[]; hidden?: true; run(options: Options): Promise<Answer> };

/** Every command, by its words, in the order of the help. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["doctor", { does: "checks what Assenso needs and says what to do", options: [], run: doctor }],
  ["setup-link", { does: "prints a new one-time link for the first set-up", options: [], run: setUpLinkCommand }],
  ["setup", { does: "does the first run from a file of answers", options: ["file"], run: setup }],
  ["user reset", { does: "prints a link for a new password, good for 10 minutes", options: ["email"], run: userReset }],
  ["migrate", { does: "brings the database to this version's schema", options: [], run: migrateCommand }],
  ["keys rotate", { does: "makes a new key; the old ones still open what they made", options: [], run: keysRotate }],
  ["help", { does: "prints this", options: [], run: help }],
  ["prepare", { does: "what npm start does before it starts anything", options: [], hidden: true, run: prepare }],
]);

async function help(): Promise<Answer> {
  const shown = [...COMMANDS].filter(([, { hidden }]) => !hidden);
  const usage = (name: string, { options }: Command) => [name, ...options.map((option) => `--${option} …`)].join(" ");
  const lines = shown.map(([name, command]) => `  assenso ${usage(name, command).padEnd(30)} ${command.does}`);
  return {
    lines: [
      "Assenso: newsletters with provable consent",
      "",
      ...lines,
      "",
      "--json answers for machines. Exit code: 0 done, 1 not done, 2 wrong use.",
    ],
    data: { commands: shown.map(([name, { does, options }]) => ({ name, does, options })) },
  };
}
