"use client";
import { type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { ActionForm } from "../../../_ui/action-form.tsx";
import type { FormAction } from "../../../_ui/action-state.ts";
import { FormContext } from "../../../_ui/form-context.tsx";
import { useHydrated } from "../../../_ui/hydrated.ts";
import { SubmitButton } from "../../../_ui/submit-button.tsx";

type Props = {
  action: FormAction;
  campaign: string;
  version: number;
  /** The lists as the page knew them. */
  before: string;
  /** The button's words, without script. */
  save: string;
  children: ReactNode;
};

/** The choice of lists; with script a change is saved at once, and the page counts anew. */
export function AudienceForm({ action, campaign, version, before, save, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [changes, setChanges] = useState(0);
  return (
    <div ref={place} onChange={() => setChanges((n) => n + 1)}>
      <ActionForm action={action} id="audience">
        <input type="hidden" name="campaign" value={campaign} />
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="before" value={before} />
        {children}
        <AtOnce changes={changes} submit={() => place.current?.querySelector("form")?.requestSubmit()} save={save} />
      </ActionForm>
    </div>
  );
}

/** Submits after a change, and after the one that is under way when there was another. */
function AtOnce({ changes, submit, save }: { changes: number; submit(): void; save: string }) {
  const { pending } = useContext(FormContext);
  const hydrated = useHydrated();
  const done = useRef(0);
  const send = useRef(submit);
  send.current = submit;
  useEffect(() => {
    if (pending || done.current === changes) return;
    done.current = changes;
    send.current();
  }, [pending, changes]);
  return hydrated ? null : <SubmitButton look="plain">{save}</SubmitButton>;
}
