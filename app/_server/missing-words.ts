import type { WordsIncomplete } from "../../lib/notices/publish-words.ts";
import type { ActionState } from "../_ui/action-state.ts";
import type { Translate } from "./translate.ts";

/** What words still lack, each by name and at the field where it belongs; what was typed stays. */
export function missingState(error: WordsIncomplete, t: Translate, values: Record<string, string>): ActionState {
  const named = (names: readonly string[]) => names.map((name) => missingWord(name, t));
  const box = error.missing.filter((name) => name.startsWith("box"));
  const rest = error.missing.filter((name) => !name.startsWith("box"));
  const field = "body" in values ? "body" : "shortNotice";
  const errors = {
    ...(box.length > 0 ? { consentBox: [t("missing.list", { parts: named(box).join(", ") })] } : {}),
    ...(rest.length > 0 ? { [field]: [t("missing.list", { parts: named(rest).join(", ") })] } : {}),
  };
  return { error: { code: error.code, text: t("missing.refused", { n: error.missing.length }) }, errors, values };
}

/** The name of something that words lack: `processors.0.safeguard` is "the guarantee of provider 1". */
export function missingWord(name: string, t: Translate): string {
  const [, number, part] = /^processors\.(\d+)\.(\w+)$/.exec(name) ?? [];
  if (number !== undefined) return t(`missing.processor.${part}`, { n: Number(number) + 1 });
  return t(`missing.parts.${name.replace(".", "_")}`);
}
