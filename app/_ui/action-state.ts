/**
 * What a server action gives back to its form. `ok`: the sentence that says what was done. `error`: the one that says why nothing was
 * (`id` to find it in the log). `errors`: sentences by field name. `values`: what was typed, without passwords, so that nothing is typed twice.
 */
export type ActionState = {
  ok?: string;
  error?: { code: string; text: string; id?: string };
  errors?: Record<string, string[]>;
  values?: Record<string, string>;
};

export type FormAction = (state: ActionState, form: FormData) => Promise<ActionState>;
