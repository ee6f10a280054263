"use client";
import { type ReactNode, useId, useRef } from "react";
import { ActionForm } from "./action-form.tsx";
import type { FormAction } from "./action-state.ts";
import { Button, type Look } from "./button.tsx";
import type { IconName } from "./icon-names.ts";
import { SubmitButton } from "./submit-button.tsx";
import { useWords } from "./words.tsx";

type Props = {
  /** Words of the button that opens it: "Annulla il resto". */
  open: ReactNode;
  openLook?: Look;
  icon?: IconName;
  title: string;
  /** The consequence, with its numbers. Fields that the action needs (a reason) may stand here too. */
  children: ReactNode;
  action: FormAction;
  /** Posted along: ids. */
  values?: Record<string, string>;
  /** Verb, object and count: "Annulla 1.760 invii". */
  confirm: ReactNode;
  confirmLook?: Look;
  /** The safe choice, which has the focus; "Annulla" of the interface's language where left out. */
  cancel?: ReactNode;
};

/**
 * Asks before what cannot be undone. The browser's own dialog: it keeps the focus, Escape closes it, and where the browser knows
 * `commandfor` it opens without script.
 */
export function ConfirmDialog(props: Props) {
  const {
    open,
    openLook = "plain",
    icon,
    title,
    children,
    action,
    values = {},
    confirm,
    confirmLook = "danger",
    cancel,
  } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = `d${useId().replaceAll(/\W/g, "")}`;
  const words = useWords();
  const command = { command: "show-modal", commandfor: id };
  return (
    <>
      <Button
        look={openLook}
        {...(icon ? { icon } : {})}
        aria-haspopup="dialog"
        {...command}
        onClick={(event) => {
          event.preventDefault();
          if (!dialog.current?.open) dialog.current?.showModal();
        }}
      >
        {open}
      </Button>
      <dialog
        ref={dialog}
        id={id}
        aria-labelledby={`${id}-title`}
        className="sheet m-auto w-[min(32rem,calc(100vw-2rem))] p-5 text-left text-ink shadow-float backdrop:bg-black/50"
      >
        <h2 id={`${id}-title`} className="mb-3 text-section font-semibold">
          {title}
        </h2>
        <ActionForm action={action} id={`${id}-form`} className="space-y-4">
          {Object.entries(values).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <div className="space-y-3">{children}</div>
          <div className="flex flex-wrap-reverse justify-end gap-2 max-sm:*:flex-auto">
            <Button
              autoFocus
              formMethod="dialog"
              type="submit"
              formNoValidate
              onClick={(event) => close(event, dialog.current)}
            >
              {cancel ?? words.cancel}
            </Button>
            <SubmitButton look={confirmLook}>{confirm}</SubmitButton>
          </div>
        </ActionForm>
      </dialog>
    </>
  );
}

function close(event: { preventDefault(): void }, dialog: HTMLDialogElement | null) {
  event.preventDefault();
  dialog?.close();
}
