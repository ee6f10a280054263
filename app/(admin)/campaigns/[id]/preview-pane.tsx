"use client";
import { useEffect, useRef, useState } from "react";
import { useDraft } from "./draft-provider.tsx";

export const VIEWS = ["desktop", "phone", "dark", "plain"] as const;
export type View = (typeof VIEWS)[number];

/** Pause after the last letter before the server compiles. */
const AFTER_TYPING = 700;

/**
 * The draft as its readers will see it, in a frame that can do nothing. Made by the server with the function that sends; what is typed goes there by
 * a form into the frame, so that the answer brings its own policy. `as`: the contact who is merged in.
 */
export function PreviewPane({ view, contact }: { view: View; contact?: string }) {
  const { id, typed, words } = useDraft();
  const [shown, setShown] = useState(view);
  const form = useRef<HTMLFormElement>(null);
  const first = useRef(true);
  const query = new URLSearchParams({
    part: shown === "plain" ? "text" : "html",
    ...(shown === "dark" ? { dark: "1" } : {}),
    ...(contact ? { as: contact } : {}),
  });
  const address = `/campaigns/${id}/preview?${query}`;
  const sent = { subject: typed.subject, preheader: typed.preheader, mjml: typed.mjml, text: typed.text ?? "" };
  const now = JSON.stringify([address, sent]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `now` is all that the frame depends on
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => navigator.onLine && form.current?.submit(), AFTER_TYPING);
    return () => clearTimeout(timer);
  }, [now]);

  return (
    <section aria-label={words.preview} className="sticky top-4">
      <form ref={form} method="post" encType="multipart/form-data" action={address} target="preview" hidden>
        {Object.entries(sent).map(([name, value]) => (
          <textarea key={name} name={name} value={value} readOnly />
        ))}
      </form>
      <nav aria-label={words.preview} className="mb-2 flex flex-wrap gap-1">
        {VIEWS.map((one) => (
          <a
            key={one}
            href={`?step=content&view=${one}`}
            aria-current={one === shown ? "true" : undefined}
            onClick={(event) => {
              event.preventDefault();
              event.stopPropagation();
              setShown(one);
            }}
            className="button min-h-8 border-transparent bg-transparent px-2.5 font-normal text-ink-2 aria-[current=true]:border-rule-strong aria-[current=true]:bg-surface aria-[current=true]:font-semibold aria-[current=true]:text-ink"
          >
            {words[one]}
          </a>
        ))}
      </nav>
      <div className="flex justify-center rounded-sheet border border-rule bg-sunken p-2">
        <iframe
          name="preview"
          sandbox=""
          src={`/campaigns/${id}/preview?${new URLSearchParams({ part: view === "plain" ? "text" : "html", ...(view === "dark" ? { dark: "1" } : {}), ...(contact ? { as: contact } : {}) })}`}
          title={words.previewTitle}
          className={`h-[75vh] min-h-96 w-full bg-white ${shown === "phone" ? "max-w-[375px]" : "max-w-[680px]"}`}
        />
      </div>
      <p className="mt-2 text-note text-ink-2">{shown === "dark" ? words.darkNote : words.imagesNote}</p>
    </section>
  );
}
