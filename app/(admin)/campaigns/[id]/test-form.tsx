"use client";
import { type ReactNode, useRef } from "react";
import { ActionForm } from "../../../_ui/action-form.tsx";
import type { FormAction } from "../../../_ui/action-state.ts";
import { Button } from "../../../_ui/button.tsx";
import { useDraft } from "./draft-provider.tsx";

type Props = { action: FormAction; campaign: string; label: string; children: ReactNode };

/** A test to one's own address, of what stands on the screen: it is saved first. */
export function TestForm({ action, campaign, label, children }: Props) {
  const { flush } = useDraft();
  const place = useRef<HTMLDivElement>(null);
  const saveFirst = async () => {
    await flush();
    place.current?.querySelector("form")?.requestSubmit();
  };
  return (
    <div ref={place}>
      <ActionForm action={action} id="test" className="space-y-2">
        <input type="hidden" name="campaign" value={campaign} />
        <Button
          type="submit"
          icon="send"
          onClick={(event) => {
            event.preventDefault();
            void saveFirst();
          }}
        >
          {label}
        </Button>
        {children}
      </ActionForm>
    </div>
  );
}
