"use client";
import { type ReactNode, useContext } from "react";
import { Fold } from "./fold.tsx";
import { FormContext } from "./form-context.tsx";

type Props = { title: ReactNode; names: readonly string[]; open?: boolean; children: ReactNode };

/** Fields of a form that not everybody needs; `names`: an error in one of them opens the fold, so that it is seen. */
export function FoldedFields({ title, names, open, children }: Props) {
  const { state } = useContext(FormContext);
  const faulty = names.some((name) => state.errors?.[name]);
  return (
    <Fold title={title} open={faulty || open || undefined}>
      <div className="space-y-5 pt-1">{children}</div>
    </Fold>
  );
}
