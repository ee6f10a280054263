"use client";
import "./_ui/globals.css";

type Props = { error: Error & { digest?: string } };

/** The layout itself failed: nothing is known of the reader, so it says it in both languages, and needs nothing but itself. */
export default function GlobalError({ error }: Props) {
  return (
    <html lang="it" data-theme="auto">
      <head>
        <title>Assenso</title>
      </head>
      <body>
        <main className="mx-auto max-w-[40rem] space-y-4 px-4 py-16">
          <h1 className="text-title font-semibold">Qualcosa non ha funzionato</h1>
          <p>La pagina non si è aperta e nulla è cambiato. Riprova fra poco.</p>
          <p lang="en">Something went wrong: the page did not open and nothing was changed. Try again in a moment.</p>
          {error.digest && <p className="font-mono text-note">{error.digest}</p>}
          <p>
            <a className="link" href="/">
              Assenso
            </a>
          </p>
        </main>
      </body>
    </html>
  );
}
