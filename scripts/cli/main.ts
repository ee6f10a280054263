import { parseArgs } from "node:util";
import { COMMANDS } from "./commands.ts";
import { sentenceOf, WrongUse } from "./failure.ts";

/** What a command answers: lines for people, and the same as data for `--json`. `ok` false ends with exit code 1. */
export type Answer = { lines: string[]; data: Record<string, unknown>; ok?: boolean };

/** The options that any command may take; a command refuses those that are not its own. */
const OPTIONS = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  file: { type: "string" },
  email: { type: "string" },
} as const;
export type Options = { json?: boolean; help?: boolean; file?: string; email?: string };

const json = process.argv.includes("--json");
try {
  const { ok, lines, data } = await run();
  print(ok === false ? process.stderr : process.stdout, lines, { ok: ok !== false, ...data });
  process.exitCode = ok === false ? 1 : 0;
} catch (error) {
  const sentence =
    sentenceOf(error, process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL) ?? String((error as Error).stack);
  print(process.stderr, [sentence], { error: sentence });
  process.exitCode = error instanceof WrongUse ? 2 : 1;
}
// What is still open (a pool whose server went away) must not keep a command from ending.
process.stdout.write("", () => process.exit());

async function run(): Promise<Answer> {
  const { values, positionals } = parsed();
  const words = values.help || positionals.length === 0 ? ["help"] : positionals;
  const name = [words.slice(0, 2).join(" "), words[0] ?? ""].find((one) => COMMANDS.has(one));
  const command = name ? COMMANDS.get(name) : undefined;
  if (!command || words.length > (name ?? "").split(" ").length)
    throw new WrongUse(`There is no command "${words.join(" ")}". See: assenso help`);
  const { json: _json, help: _help, ...own } = values;
  const foreign = Object.keys(own).find((option) => !command.options.includes(option));
  if (foreign) throw new WrongUse(`"${name}" takes no --${foreign}. See: assenso help`);
  return command.run(values);
}

function parsed(): { values: Options; positionals: string[] } {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new WrongUse(`${(error as Error).message.split(". ")[0]}. See: assenso help`);
  }
}

function print(stream: NodeJS.WriteStream, lines: string[], data: Record<string, unknown>): void {
  if (json) process.stdout.write(`${JSON.stringify(data)}\n`);
  else stream.write(`${lines.join("\n")}\n`);
}
