"use client";
import { type FormEvent, type ReactNode, startTransition, useActionState, useEffect, useId, useRef } from "react";
import type { FormAction } from "./action-state.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { FormContext } from "./form-context.tsx";
import { Notice } from "./notice.tsx";

type Props = {
  action: FormAction;
  children: ReactNode;
  /** Begins the ids of the fields; given where a link leads to one of them. */
  id?: string;
  className?: string;
  /** Names the form where a screen has several. */
  label?: string;
  /** Empties the fields when it was done: for adding one after the other. */
  clears?: boolean;
  /** Leave the "done" sentence to the screen. */
  quiet?: boolean;
};

/**
 * A native form over a server action. With script it posts without leaving the page, so what was typed stays; without, the page comes back
 * with what the action returns. Errors: a summary at the top with links, focused, and a sentence under each field.
 */
export function ActionForm({ action, children, id, className = "space-y-5", label, clears, quiet }: Props) {
  const generated = useId();
  const formId = id ?? `f${generated.replaceAll(/\W/g, "")}`;
  const [state, submit, pending] = useActionState(action, {});
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (state.error || state.errors) summary.current?.focus();
    if (state.ok && clears) form.current?.reset();
  }, [state, clears]);

  // A double press comes twice before `pending` is drawn.
  const posted = useRef(false);
  useEffect(() => {
    if (!pending) posted.current = false;
  }, [pending]);

  // React would empty the fields after an action: posted by hand, they stay as they are.
  const post = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (posted.current) return;
    posted.current = true;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const data = new FormData(event.currentTarget, submitter);
    startTransition(() => submit(data));
  };

  return (
    <FormContext.Provider value={{ id: formId, state, pending }}>
      <form id={formId} ref={form} action={submit} onSubmit={post} noValidate className={className} aria-label={label}>
        <ErrorSummary ref={summary} formId={formId} state={state} />
        {state.ok && !quiet && (
          <Notice tone="ok" live>
            <p>{state.ok}</p>
          </Notice>
        )}
        {children}
      </form>
    </FormContext.Provider>
  );
}
