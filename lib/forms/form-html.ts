/** What of a form is frozen: the words and boxes, as the page carries them. */
export type FormWords = {
  locale: "it" | "en";
  shortNotice: { text: string; version: number };
  boxes: { purpose: string; text: string; version: number }[];
  /** Where the whole notice is, and how the link to it is called. */
  fullNotice: { url: string; label: string };
  /** "testo n. 1" */
  textNumber(version: number): string;
};

const ENTITY: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITY[character] ?? character);

/**
 * The part of a form that consent hangs on: the short notice, then the boxes, none ticked (CC-01, CC-03), each with the number of its text.
 * The same bytes for the same words: its SHA-256 is what a consent event points at (CC-04).
 */
export function formHtml(o: FormWords): string {
  const lang = `lang="${o.locale}"`;
  const number = (version: number) => `<span class="note">(${escaped(o.textNumber(version))})</span>`;
  const link = `<a href="${escaped(o.fullNotice.url)}" target="_blank" rel="noopener">${escaped(o.fullNotice.label)}</a>`;
  const notice = `<div class="note" ${lang}>${escaped(o.shortNotice.text)} ${link} ${number(o.shortNotice.version)}</div>`;
  const boxes = o.boxes.map(
    (box, i) =>
      `<label class="box" for="box-${i}" ${lang}><input id="box-${i}" name="box" type="checkbox" value="${escaped(box.purpose)}"><span>${escaped(box.text)} ${number(box.version)}</span></label>`,
  );
  return [notice, ...boxes].join("\n");
}

/**
 * The frozen part as it is shown again after a fault: boxes that the person ticked stay ticked, and the first is marked where it must be ticked.
 * Without answers the bytes are the frozen ones.
 */
export function withAnswers(html: string, o: { ticked: readonly string[]; faulty: boolean }): string {
  // Words are escaped: no text of a notice can look like this.
  return html.replace(BOX, (input, number: string, purpose: string) => {
    const ticked = o.ticked.includes(purpose) ? " checked" : "";
    const faulty = o.faulty && number === "0" ? ` aria-invalid="true" aria-describedby="box-fault"` : "";
    return `${input.slice(0, -1)}${ticked}${faulty}>`;
  });
}

const BOX = /<input id="box-(\d+)" name="box" type="checkbox" value="([a-z_]+)">/g;

/**
 * Plain HTML for any site: one field, no script, no box. It only carries the address over to the hosted form, where words and boxes are shown
 * and the person presses (a request, not a consent).
 */
export function pasteHtml(o: {
  publicUrl: string;
  form: string;
  locale: "it" | "en";
  label: string;
  button: string;
  trap: string;
}): string {
  const id = `e-${o.form.slice(-8)}`;
  return `<form method="post" action="${escaped(o.publicUrl)}/f/${o.form}" accept-charset="utf-8">
  <label for="${id}">${escaped(o.label)}</label>
  <input id="${id}" name="email" type="email" autocomplete="email" maxlength="254" required>
  <input name="website" type="text" tabindex="-1" autocomplete="off" aria-label="${escaped(o.trap)}" style="position:absolute;left:-9999px">
  <input name="lang" type="hidden" value="${o.locale}">
  <button type="submit">${escaped(o.button)}</button>
</form>
`;
}
