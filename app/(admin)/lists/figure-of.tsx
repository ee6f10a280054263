import type { Translate } from "../../_server/translate.ts";
import { Figure } from "../../_ui/figure.tsx";
import { Link } from "../../_ui/link.tsx";

type Props = { t: Translate; value: number; about: boolean; href: string; label: string };

/** A number of people and the way to them; of a very large list it says that it is an estimate. */
export function FigureOf({ t, value, about, href, label }: Props) {
  if (!about) return <Figure value={value} href={href} label={label} />;
  const text = t("lists.roughly", { n: value });
  return (
    <Link href={href} aria-label={`${text} ${label}`}>
      {text}
    </Link>
  );
}
