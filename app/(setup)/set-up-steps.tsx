import { visitor } from "../_server/session.ts";

/** Which of the three pages of the first run this is. */
export async function SetUpSteps({ current }: { current: 1 | 2 | 3 }) {
  const { t } = await visitor();
  const names = ["you", "organization", "list"] as const;
  return (
    <ol className="mb-6 grid grid-cols-3 gap-2 text-note" aria-label={t("setup.steps")}>
      {names.map((name, i) => (
        <li
          key={name}
          aria-current={i + 1 === current ? "step" : undefined}
          className={`border-t-[3px] pt-1.5 ${i + 1 <= current ? "border-accent" : "border-rule"} ${i + 1 === current ? "font-semibold" : "text-ink-2"}`}
        >
          {i + 1}. {t(`setup.step.${name}`)}
        </li>
      ))}
    </ol>
  );
}
