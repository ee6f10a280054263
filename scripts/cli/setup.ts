import { readFileSync } from "node:fs";
import { z } from "zod";
import { readConfig } from "../../lib/config.ts";
import { publishFirstList } from "../../lib/forms/publish-first-list.ts";
import { ListInput } from "../../lib/lists/list-input.ts";
import { createOrganization } from "../../lib/organizations/create.ts";
import { Identity } from "../../lib/organizations/identity.ts";
import { openProcess } from "../../lib/process.ts";
import { inTransaction, type Services } from "../../lib/services.ts";
import { hashPassword } from "../../lib/users/password.ts";
import { NewPassword, PersonEmail, PersonName } from "../../lib/users/person.ts";
import { addFirstUser } from "../../lib/users/set-up.ts";
import type { Who } from "../../lib/users/who.ts";
import { NotDone, WrongUse } from "./failure.ts";
import type { Answer, Options } from "./main.ts";
import { begin } from "./setup-link.ts";
import { linesOfIssues } from "./words.ts";

const { name, topics, frequency, locale } = ListInput.shape;

/** The answers of the three pages of the first run, in one file (docs: the guide of the first run). */
const Answers = z.strictObject({
  you: z.strictObject({ name: PersonName, email: PersonEmail, password: NewPassword, locale: z.enum(["it", "en"]) }),
  organization: Identity,
  list: z.strictObject({ name, topics, frequency, locale }),
});
type Answers = z.infer<typeof Answers>;

/** `assenso setup --file answers.json`: the first run without a browser. All of it, or none. */
export async function setup(options: Options): Promise<Answer> {
  if (!options.file) throw new WrongUse("setup needs the file with the answers: --file answers.json");
  const answers = readAnswers(options.file);
  const config = readConfig();
  await begin(config);
  const running = await openProcess(config, "cli", () => new Date());
  try {
    const made = await inTransaction(running.s, (s) => answerAll(s, answers)).catch((error: unknown) => {
      if ((error as { code?: string }).code === "LINK_GONE") throw new NotDone("Assenso is set up already: sign in.");
      throw error;
    });
    const form = `${config.PUBLIC_URL}/f/${made.form}`;
    return {
      lines: [`Set up. Sign in at ${config.APP_URL}`, `Form: ${form}`],
      data: { ...made, address: config.APP_URL, form },
    };
  } finally {
    await running.close();
  }
}

async function answerAll(s: Services, { you, organization, list }: Answers) {
  const user = await addFirstUser(s, { ...you, passwordHash: await hashPassword(you.password, you) });
  const operator: Who = { user, organization: "", roles: [], operator: true };
  const made = await createOrganization(s, { who: operator, identity: organization });
  const owner: Who = { user, organization: made.id, roles: ["owner"], operator: true };
  const published = await publishFirstList(s, { who: owner, ...list, tone: organization.tone });
  return { user, organization: made.id, slug: made.slug, ...published };
}

/** @throws NotDone with every field that is wrong, one a line */
function readAnswers(file: string): Answers {
  const read = Answers.safeParse(parsed(file));
  if (read.success) return read.data;
  throw new NotDone([`The answers in ${file} need attention:`, ...linesOfIssues(read.error)].join("\n  "));
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new NotDone(code ? `${file} cannot be read (${code}).` : `${file} is no JSON: ${message}`);
  }
}
