import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { CspNonce } from "./_ui/csp-nonce.tsx";
import "./_ui/globals.css";
import { tagOf } from "../lib/text/language.ts";
import { sessionIfAny } from "./_server/intl.ts";
import { WORDS, type Words } from "./_ui/word-keys.ts";
import { Providers } from "./_ui/words.tsx";

export const metadata: Metadata = {
  title: { default: "Assenso", template: "%s · Assenso" },
  icons: [
    { url: "/favicon.ico", sizes: "32x32" },
    { url: "/favicon.svg", type: "image/svg+xml" },
  ],
  robots: { index: false, follow: false },
  referrer: "strict-origin-when-cross-origin",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f1f4f3" },
    { media: "(prefers-color-scheme: dark)", color: "#14171a" },
  ],
};

/** What all pages of staff stand in: language, theme and density of the person, and the words of what runs in the browser. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, t, session, head] = await Promise.all([getLocale(), getTranslations("ui"), sessionIfAny(), headers()]);
  preload("/fonts/instrument-sans-5.3.0-latin.woff2", { as: "font", type: "font/woff2", crossOrigin: "anonymous" });
  const words = Object.fromEntries(WORDS.map((key) => [key, t(key)])) as Words;
  const nonce = head.get("x-nonce") ?? undefined;
  return (
    <html
      lang={locale}
      data-theme={session?.user.theme ?? "auto"}
      data-density={session?.user.density ?? "comfortable"}
    >
      {/* React Aria writes one style of its own and looks here for the nonce that lets it. */}
      <head>{nonce && <CspNonce nonce={nonce} />}</head>
      <body>
        <Providers locale={tagOf(locale as "it" | "en")} words={words}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
