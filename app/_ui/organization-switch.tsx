import { getTranslations } from "next-intl/server";
import { Icon } from "./icon.tsx";

type Brief = { id: string; name: string };
type Props = {
  current: Brief;
  of: readonly Brief[];
  /** Gets `organization`, the id. Without it, or with one organization alone, only the name is shown. */
  action?: (form: FormData) => Promise<void>;
};

/** Whose data the screens show; where a person works for several, the way to the others. */
export async function OrganizationSwitch({ current, of, action }: Props) {
  const t = await getTranslations("ui");
  const others = of.filter(({ id }) => id !== current.id);
  if (!action || others.length === 0)
    return <p className="px-5 text-table text-ink-2 [overflow-wrap:anywhere]">{current.name}</p>;
  return (
    <details className="px-3 text-table">
      <summary className="flex min-h-(--rail) items-center justify-between gap-2 rounded-sheet border border-rule px-2 hover:bg-sunken">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <span className="sr-only">{t("organization")}: </span>
          {current.name}
        </span>
        <Icon name="selector" size={16} />
      </summary>
      <form action={action} className="mt-1 border-l border-rule pl-1">
        {others.map(({ id, name }) => (
          <button
            key={id}
            type="submit"
            name="organization"
            value={id}
            className="flex min-h-(--rail) w-full items-center rounded-sheet px-2 text-left text-ink-2 [overflow-wrap:anywhere] hover:bg-sunken hover:text-ink"
          >
            <span className="sr-only">{t("switchTo", { name: "" })}</span>
            {name}
          </button>
        ))}
      </form>
    </details>
  );
}
