"use client";
import { html } from "@codemirror/lang-html";
import { liquid } from "@codemirror/lang-liquid";
import { basicSetup, EditorView } from "codemirror";
import { useEffect, useRef } from "react";
import { LOOK } from "./code-look.ts";

/** Inserts text where the cursor stands. */
export type Insert = (text: string) => void;

type Props = {
  value: string;
  label: string;
  /** Id of what explains the field. */
  describedBy?: string;
  onChange(value: string): void;
  /** Called once with how to insert at the cursor. */
  onReady(insert: Insert): void;
};

/**
 * MJML with Liquid in CodeMirror, over the same text as the plain field that it stands for. Loaded only where it is used.
 * `value` is where it starts; what happens to it later is told by `onChange`.
 */
export default function CodePane({ value, label, describedBy, onChange, onReady }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef({ value, onChange, onReady });
  latest.current.onChange = onChange;

  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    const editor = new EditorView({
      parent,
      doc: latest.current.value,
      extensions: [
        basicSetup,
        liquid({ base: html({ selfClosingTags: true, matchClosingTags: true }) }),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(nonceOfPage()),
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0",
          ...(describedBy ? { "aria-describedby": describedBy } : {}),
        }),
        LOOK,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    latest.current.onReady((text) => {
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    });
    return () => editor.destroy();
  }, [label, describedBy]);

  return <div ref={place} className="border border-rule-strong" />;
}

/** The nonce of the document as it was loaded: a page that came by a soft navigation has another, which the document's policy does not know. */
function nonceOfPage(): string {
  return document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}
