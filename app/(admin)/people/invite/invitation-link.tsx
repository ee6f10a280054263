"use client";
import type { ReactNode } from "react";
import { CopyField } from "../../../_ui/copy-field.tsx";
import { useField } from "../../../_ui/form-context.tsx";

/** The link that was just made, shown once: the table keeps its hash alone. */
export function InvitationLink({ label, help }: { label: ReactNode; help: ReactNode }) {
  const { typed } = useField("invitationLink");
  return typed ? <CopyField label={label} help={help} value={typed} /> : null;
}
