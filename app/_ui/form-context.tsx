"use client";
import { createContext, useContext } from "react";
import type { ActionState } from "./action-state.ts";

type FormState = { id: string; state: ActionState; pending: boolean };

export const FormContext = createContext<FormState>({ id: "form", state: {}, pending: false });

type Known = {
  id: string;
  errors: string[];
  /** What was typed before the error; several boxes of one name are joined by line feeds. */
  typed: string | undefined;
  /** The form comes back after an error: a box that is not among the values was not ticked. */
  again: boolean;
};

/** What a field of an ActionForm knows: its id, the sentences under it, and what was typed before. */
export function useField(name: string): Known {
  const { id, state } = useContext(FormContext);
  const plain = name.replace(/\[\]$/, ""); // a list is posted as `roles[]`, its errors are those of `roles`
  return {
    id: `${id}-${plain}`,
    errors: state.errors?.[plain] ?? [],
    typed: state.values?.[name],
    again: state.values !== undefined,
  };
}

export const usePending = (): boolean => useContext(FormContext).pending;
