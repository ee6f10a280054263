import { headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };
import { currentSession } from "./session.ts";
import { type Locale, localeOf } from "./translate.ts";

const CATALOGUE = { it, en };

/**
 * In which language and on which clocks a page is written: those of who is signed in and of her organization, else the language that the
 * browser asks for. No page has its language in its address.
 */
export default getRequestConfig(async () => {
  const { locale, timeZone } = await reader();
  return {
    locale,
    timeZone,
    messages: CATALOGUE[locale],
    // `{n, number, group}`: four digits are grouped too (2.964).
    formats: { number: { group: { useGrouping: "always" } } } as never,
  };
});

async function reader(): Promise<{ locale: Locale; timeZone: string }> {
  const session = await sessionIfAny();
  return {
    locale: session?.user.locale ?? localeOf((await headers()).get("accept-language")),
    timeZone: session?.organization?.timeZone ?? "Europe/Rome",
  };
}

/** Without a database the pages that say so must still be written. */
export async function sessionIfAny(): ReturnType<typeof currentSession> {
  try {
    return await currentSession();
  } catch (error) {
    // Next stops the making of a static page by throwing: that is not ours to swallow.
    if (typeof (error as { digest?: unknown }).digest === "string") throw error;
    return undefined;
  }
}
