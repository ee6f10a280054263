"use client";
import { Button } from "../../../../_ui/button.tsx";

/** Ticks every box of its form that has this name; where all are ticked, none. */
export function TickAll({ name, label }: { name: string; label: string }) {
  return (
    <Button
      onClick={(event) => {
        const boxes = [...(event.currentTarget.form?.elements ?? [])].filter(
          (one): one is HTMLInputElement => one instanceof HTMLInputElement && one.name === name,
        );
        const all = boxes.every((box) => box.checked);
        for (const box of boxes) box.checked = !all;
      }}
    >
      {label}
    </Button>
  );
}
