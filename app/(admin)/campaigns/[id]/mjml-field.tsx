"use client";
import { lazy, Suspense, useId } from "react";
import { Field } from "../../../_ui/field.tsx";
import { useHydrated } from "../../../_ui/hydrated.ts";
import type { Insert } from "./code-pane.tsx";
import { useDraft } from "./draft-provider.tsx";

const CodePane = lazy(() => import("./code-pane.tsx"));

/** The MJML: a plain field, and with script the code editor in its place, loaded here alone. */
export function MjmlField({ onReady }: { onReady(insert: Insert): void }) {
  const { typed, round, edit, words } = useDraft();
  const hydrated = useHydrated();
  const plain = useId();
  const area = (props: object, text: string) => (
    <textarea
      key={round}
      rows={24}
      spellCheck={false}
      {...props}
      defaultValue={text}
      onChange={(event) => edit({ mjml: event.currentTarget.value })}
      className="control font-mono text-note"
    />
  );
  return (
    <Field name="mjml" label={words.mjml} help={words.mjmlHelp} className="max-w-none">
      {(control, before) => {
        if (!hydrated) return area(control, before ?? typed.mjml);
        return (
          <Suspense fallback={area({ id: plain, "aria-label": words.mjml }, typed.mjml)}>
            <CodePane
              key={round}
              value={typed.mjml}
              label={words.mjml}
              {...(control["aria-describedby"] ? { describedBy: control["aria-describedby"] } : {})}
              onChange={(mjml) => edit({ mjml })}
              onReady={onReady}
            />
          </Suspense>
        );
      }}
    </Field>
  );
}
