import { getTranslations } from "next-intl/server";
import type { Standing } from "../../lib/contacts/types.ts";
import { StatusTag, type Tone } from "./status-tag.tsx";

const TONES: Record<Standing, Tone> = {
  ...{ active: "ok", left: "bad", stopped: "bad", expired: "warn", simulated: "info" },
  none: "still",
};

/** How a person stands, as the gate answers. */
export async function StandingTag({ standing }: { standing: Standing }) {
  const t = await getTranslations("standings");
  return <StatusTag tone={TONES[standing]}>{t(standing)}</StatusTag>;
}
