import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@formatjs/icu-messageformat-parser";

/** @typedef {{ [key: string]: string | Tree }} Tree */

/**
 * What differs between the catalogues: keys that one has and English has not, or the other way round; messages that do not parse, or that
 * take other values than the English one; straight apostrophes; codes of errors without a sentence. One line each.
 *
 * @param {string} project
 */
export function messageFaults(project) {
  const folder = join(project, "messages");
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const catalogues = files.map((name) => ({
    name,
    messages: flat(JSON.parse(readFileSync(join(folder, name), "utf8"))),
  }));
  const english = catalogues.find(({ name }) => name === "en.json")?.messages ?? new Map();
  return [...catalogues.flatMap((one) => compare(one.name, one.messages, english)), ...unsaid(project, english)];
}

/** @returns {Map<string, string>} */
function flat(/** @type {Tree} */ tree, prefix = "") {
  const pairs = Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [/** @type {const} */ ([prefix + key, value])] : [...flat(value, `${prefix}${key}.`)],
  );
  return new Map(pairs);
}

function compare(
  /** @type {string} */ name,
  /** @type {Map<string, string>} */ messages,
  /** @type {Map<string, string>} */ english,
) {
  const faults = [];
  for (const key of english.keys()) if (!messages.has(key)) faults.push(`${name} lacks ${key}`);
  for (const [key, text] of messages) {
    const other = english.get(key);
    if (other === undefined) faults.push(`en.json lacks ${key}`);
    if (hasStraightApostrophe(text)) faults.push(`${name}: ${key} has a straight apostrophe, write ’: ${text}`);
    const [values, theirs] = [valuesOf(text), valuesOf(other ?? text)];
    if (values === undefined) faults.push(`${name}: ${key} does not parse: ${text}`);
    else if (values !== theirs)
      faults.push(`${name}: ${key} takes ${values || "nothing"}, en.json ${theirs || "nothing"}`);
  }
  return faults;
}

/** Whether one is shown: those that quote braces in ICU (`'{{'`) are gone once the message is read. */
function hasStraightApostrophe(/** @type {string} */ text) {
  try {
    return JSON.stringify(parse(text)).includes("'");
  } catch {
    return false;
  }
}

/** The names of a message's values and tags, sorted, without `tone`: English has but one. Undefined when it is no ICU message. */
function valuesOf(/** @type {string} */ text) {
  try {
    return [...new Set(namesIn(parse(text)))]
      .filter((name) => name !== "tone")
      .sort()
      .join(", ");
  } catch {
    return undefined;
  }
}

/** Kinds of the parser's elements: 0 is text, 7 is `#` in a plural, 8 is a tag. @returns {string[]} */
function namesIn(/** @type {any[]} */ elements) {
  return elements.flatMap(({ type, value, options = {}, children = [] }) => [
    ...(type === 0 || type === 7 ? [] : [type === 8 ? `<${value}>` : value]),
    ...Object.values(options).flatMap((option) => namesIn(option.value ?? [])),
    ...namesIn(children),
  ]);
}

/** Codes of DomainError in lib that have no sentence under `errors`. */
function unsaid(/** @type {string} */ project, /** @type {Map<string, string>} */ english) {
  const files = readdirSync(join(project, "lib"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const codes = files.flatMap((name) =>
    [...readFileSync(join(project, "lib", name), "utf8").matchAll(/new DomainError\(\s*"([A-Z_]+)"/g)].map(
      ([, code = ""]) => code,
    ),
  );
  return [...new Set(codes)]
    .sort()
    .filter((code) => !english.has(`errors.${code}`))
    .map((code) => `en.json lacks errors.${code}`);
}
