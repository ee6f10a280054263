import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import { EditorView } from "codemirror";

/** Colours of the code, from the tokens of the page: each at 4.5:1 or better on the sheet in both themes. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.tagName, tags.typeName, tags.className], color: "var(--color-accent)" },
  { tag: [tags.attributeName, tags.propertyName, tags.definition(tags.variableName)], color: "var(--color-ink-2)" },
  { tag: [tags.attributeValue, tags.string, tags.number, tags.literal, tags.color], color: "var(--color-ok)" },
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.modifier],
    color: "var(--color-warn)",
    fontWeight: "600",
  },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--color-warn)" },
  { tag: [tags.comment, tags.meta, tags.processingInstruction, tags.documentMeta], color: "var(--color-ink-3)" },
  { tag: [tags.angleBracket, tags.bracket, tags.punctuation, tags.operator], color: "var(--color-ink-2)" },
  { tag: tags.invalid, color: "var(--color-bad)" },
]);

const FRAME = EditorView.theme({
  "&": { fontSize: "0.8125rem", backgroundColor: "var(--color-surface)", color: "var(--color-ink)" },
  "&.cm-focused": { outline: "2px solid var(--color-accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5", minHeight: "24rem", maxHeight: "70vh" },
  ".cm-gutters": { backgroundColor: "var(--color-paper)", color: "var(--color-ink-3)", border: "none" },
  ".cm-content": { caretColor: "var(--color-ink)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--color-ink)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--color-info-bg)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--color-warn-bg)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--color-info-bg)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--color-bad-bg)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--color-sunken)", color: "var(--color-ink-2)", border: "none" },
  ".cm-panels, .cm-tooltip": {
    backgroundColor: "var(--color-paper)",
    color: "var(--color-ink)",
    border: "1px solid var(--color-rule)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--color-accent)",
    color: "var(--color-on-accent)",
  },
});

/** How the code pane looks, in both themes. */
export const LOOK = [FRAME, syntaxHighlighting(COLOURS)];
