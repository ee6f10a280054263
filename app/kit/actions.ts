"use server";
import type { ActionState } from "../_ui/action-state.ts";

/** Refuses what has no name and no consent box ticked, as a real one would. Writes nothing. */
export async function tryIt(_before: ActionState, form: FormData): Promise<ActionState> {
  const values = Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === "string" && !name.startsWith("$") && name !== "password" ? [[name, value]] : [],
    ),
  );
  if (values.name) return { ok: `${values.name} · ${values.at ?? ""}` };
  return {
    error: { code: "FIELDS", text: "2 ×" },
    errors: { name: ["Scrivi il nome. / Write the name."], at: ["Scegli quando. / Choose when."] },
    values,
  };
}

export async function refuse(): Promise<ActionState> {
  return { error: { code: "UNEXPECTED", text: "Qualcosa non ha funzionato. / Something went wrong.", id: "0f3a9b12" } };
}
