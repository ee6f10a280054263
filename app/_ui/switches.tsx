import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-names.ts";

type Action = (form: FormData) => Promise<void>;

const THEMES: { value: "auto" | "light" | "dark"; icon: IconName }[] = [
  { value: "auto", icon: "device-desktop" },
  { value: "light", icon: "sun" },
  { value: "dark", icon: "moon" },
];

/** Chooses the theme at a press. The action gets `theme`: auto, light or dark. */
export async function ThemeSwitch({ current, action }: { current: "auto" | "light" | "dark"; action: Action }) {
  const t = await getTranslations("ui");
  return (
    <Switch label={t("theme")} action={action}>
      {THEMES.map(({ value, icon }) => (
        <Part key={value} name="theme" value={value} on={value === current}>
          <Icon name={icon} size={16} />
          {t(`themes.${value}`)}
        </Part>
      ))}
    </Switch>
  );
}

/** Chooses the language at a press. The action gets `locale`: it or en. */
export async function LanguageSwitch({ current, action }: { current: "it" | "en"; action: Action }) {
  const t = await getTranslations("ui");
  return (
    <Switch label={t("language")} action={action}>
      {(["it", "en"] as const).map((value) => (
        <Part key={value} name="locale" value={value} on={value === current} lang={value}>
          {t(`languages.${value}`)}
        </Part>
      ))}
    </Switch>
  );
}

function Switch({ label, action, children }: { label: string; action: Action; children: ReactNode }) {
  return (
    <form action={action}>
      <fieldset className="inline-flex flex-wrap">
        <legend className="mb-1 text-table font-semibold">{label}</legend>
        {children}
      </fieldset>
    </form>
  );
}

type PartProps = { name: string; value: string; on: boolean; lang?: string; children: ReactNode };

function Part({ name, value, on, lang, children }: PartProps) {
  return (
    <button
      type="submit"
      {...{ name, value, lang }}
      aria-pressed={on}
      className="button max-sm:px-3 max-sm:[&_svg]:hidden -ml-px rounded-none first-of-type:ml-0 first-of-type:rounded-l-sheet last-of-type:rounded-r-sheet aria-pressed:z-1 aria-pressed:border-accent aria-pressed:bg-info-bg aria-pressed:text-accent focus-visible:z-2"
    >
      {children}
    </button>
  );
}
