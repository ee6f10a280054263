import type { ReactNode } from "react";

type Props = { form: string; email: string; label: string; children: ReactNode };

/**
 * Opens the hosted form with the address in it, as HTML pasted into a site does: a request only, words and boxes are answered there. In a tab of
 * its own, so that this page stays and shows what follows.
 */
export function TryForm({ form, email, label, children }: Props) {
  return (
    <form method="post" action={`/f/${form}`} target="_blank" className="space-y-2" rel="noopener">
      <p>{children}</p>
      <input type="hidden" name="email" value={email} />
      <button type="submit" data-look="primary" className="button">
        {label}
      </button>
    </form>
  );
}
