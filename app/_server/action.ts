import { refresh } from "next/cache";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { DomainError, Forbidden } from "../../lib/errors.ts";
import type { Services } from "../../lib/services.ts";
import { hasRight, type Right } from "../../lib/users/roles.ts";
import type { ActionState } from "../_ui/action-state.ts";
import { failure } from "./failure.ts";
import { fieldErrors } from "./field-errors.ts";
import { readFields, typedValues } from "./form-fields.ts";
import { fromOurPages, type Origin, originOf } from "./origin.ts";
import { services } from "./services.ts";
import { currentSession, reading, type SignedIn } from "./session.ts";
import { type Locale, localeOf, type Translate, translator } from "./translate.ts";

/** A sentence is what `ok` says; nothing is said where the run redirects or where the page itself shows what changed. */
type Answer = Promise<string | ActionState | undefined> | Promise<void>;
type Action = (before: ActionState, form: FormData) => Promise<ActionState>;

/**
 * A server action of the signed-in pages, for `useActionState`: reads the form with a strict schema, asks who, runs one verb, and turns every
 * failure into a state that the form shows with what was typed. Export it from a "use server" file.
 *
 * @param right asked here to answer early; the verb asks again. Null: whoever is signed in
 * @param run gets the world and the parsed input; may redirect
 */
export function action<S extends z.ZodType>(
  schema: S,
  right: Right | null,
  run: (world: SignedIn & { origin: Origin }, input: z.output<S>) => Answer,
): Action {
  return (_before, form) =>
    guarded(form, schema, async ({ s, origin, input }) => {
      const session = await currentSession();
      if (!session) throw new DomainError("SIGNED_OUT");
      if (!session.organization) throw new DomainError("NO_ORGANIZATION");
      if (right && !hasRight(session.who, right)) throw new Forbidden(right);
      return run({ ...reading(s, session, session.organization), origin }, input);
    });
}

/** What an action gets where nobody need be signed in. */
export type Visit = { s: Services; t: Translate; locale: Locale; origin: Origin };

/** The same for pages that are reached signed out (sign in, invitation, set-up): the link or password is checked by the verb. */
export function openAction<S extends z.ZodType>(schema: S, run: (world: Visit, input: z.output<S>) => Answer): Action {
  return (_before, form) =>
    guarded(form, schema, async ({ s, t, locale, origin, input }) => run({ s, t, locale, origin }, input));
}

async function guarded<S extends z.ZodType>(
  form: FormData,
  schema: S,
  run: (o: Visit & { input: z.output<S> }) => Promise<Awaited<Answer>>,
): Promise<ActionState> {
  const [s, head, session] = [await services(), await headers(), await currentSession()];
  const locale = session?.user.locale ?? localeOf(head.get("accept-language"));
  const t = translator(locale, session?.organization?.timeZone ?? "Europe/Rome", s.log);
  const read = readFields(form);
  const values = "fields" in read ? typedValues(read.fields) : {};
  try {
    if (!fromOurPages(head, s.config.APP_URL)) throw new DomainError("FOREIGN_ORIGIN");
    if ("refused" in read) throw new DomainError("UNKNOWN_FIELD", { field: read.refused });
    const parsed = schema.safeParse(read.fields);
    if (!parsed.success) return refusal(parsed.error, t, values);
    const answer = await run({ s, t, locale, origin: originOf(head), input: parsed.data });
    refresh();
    return typeof answer === "string" ? { ok: answer } : (answer ?? {});
  } catch (error) {
    unstable_rethrow(error);
    const said = failure(s, error, t, "action");
    const field = error instanceof DomainError ? String(error.facts.field ?? "") : "";
    // A group of fields has a name of its own, which is none of what was posted.
    if (!field || said.code === "UNKNOWN_FIELD") return { error: said, values };
    return { error: { code: said.code, text: t("errors.FIELDS", { n: 1 }) }, errors: { [field]: [said.text] }, values };
  }
}

function refusal(error: z.ZodError, t: Translate, values: Record<string, string>): ActionState {
  const { "": whole, ...errors } = fieldErrors(error, t);
  const code = whole ? "UNKNOWN_FIELD" : "FIELDS";
  return { error: { code, text: whole?.[0] ?? t("errors.FIELDS", { n: Object.keys(errors).length }) }, errors, values };
}
