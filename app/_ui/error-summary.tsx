"use client";
import { type Ref, useEffect, useState } from "react";
import type { ActionState } from "./action-state.ts";
import { useWords } from "./words.tsx";

type Props = { formId: string; state: ActionState; ref: Ref<HTMLDivElement> };

/** At the top of a form: why nothing was done, and a link to each field that needs attention. */
export function ErrorSummary({ formId, state, ref }: Props) {
  const words = useWords();
  const faults = Object.entries(state.errors ?? {}).flatMap(([name, texts]) => texts.map((text) => ({ name, text })));
  const labels = useLabels(formId, state);
  if (!state.error && faults.length === 0) return null;
  return (
    <div
      ref={ref}
      role="alert"
      tabIndex={-1}
      className="rounded-sheet border-l-[3px] border-bad bg-bad-bg px-4 py-3 text-table text-bad"
    >
      <p className="font-semibold">{state.error?.text ?? words.faults}</p>
      {state.error?.id && (
        <p className="mt-1 text-ink">
          {words.reference} <code className="font-mono">{state.error.id}</code>
        </p>
      )}
      {faults.length > 0 && (
        <ul className="mt-1 list-disc space-y-1 pl-5">
          {faults.map(({ name, text }) => (
            <li key={name + text}>
              <a
                className="underline underline-offset-2"
                href={`#${formId}-${name}`}
                onClick={(event) => goTo(event, `${formId}-${name}`)}
              >
                {labels[name] ? `${labels[name]}: ${text}` : text}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Focus, not only scroll: some browsers leave the focus on the link. */
function goTo(event: { preventDefault(): void }, id: string) {
  const field = document.getElementById(id);
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  const inner = field.matches("input,select,textarea,button")
    ? field
    : field.querySelector<HTMLElement>("input,select,textarea,[tabindex]");
  (inner ?? field).focus({ preventScroll: true });
}

/** The words of each faulty field's label, read from the page once it stands. */
function useLabels(formId: string, state: ActionState): Record<string, string> {
  const [labels, setLabels] = useState<Record<string, string>>({});
  useEffect(() => {
    const found = Object.keys(state.errors ?? {}).map((name) => {
      const field = document.getElementById(`${formId}-${name}`);
      const label = (field as HTMLInputElement | null)?.labels?.[0] ?? field?.querySelector("legend") ?? undefined;
      return [name, (label?.dataset.name ?? label?.textContent ?? "").trim()] as const;
    });
    setLabels(Object.fromEntries(found));
  }, [formId, state]);
  return labels;
}
