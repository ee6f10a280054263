import { getTranslations } from "next-intl/server";
import { lowerFirst } from "../../lib/text/lower-first.ts";
import { Radio } from "./choices.tsx";
import { Section, Sheet, SheetPart } from "./layout.tsx";
import { Mirrored, MirroredChoice } from "./mirror.tsx";
import { ProcessorRows } from "./processor-rows.tsx";
import { Select } from "./select.tsx";
import { NumberField, TextField } from "./text-field.tsx";
import { zones } from "./zones.ts";

export type IdentityValues = {
  legalName: string;
  address: string;
  taxId: string;
  privacyEmail: string;
  dpo: string | null;
  processors: readonly { name: string; country: string; safeguard?: string }[];
  consentMonths: number;
  privacyUrl: string | null;
  website: string | null;
  locale: "it" | "en";
  tone: "tu" | "lei";
  timeZone: string;
};

/** Who writes: each field says where the reader will see it. Stands inside a Mirror, beside IdentityPreview. */
export async function IdentityFields({
  of,
  noticeUrl,
}: {
  of: IdentityValues /** Where our own full notice stands. */;
  noticeUrl: string;
}) {
  const t = await getTranslations("identity");
  const field = (name: string) => ({ name, label: t(`${name}.label`), help: t(`${name}.help`, { url: noticeUrl }) });
  return (
    <>
      <TextField
        {...field("legalName")}
        defaultValue={of.legalName}
        autoComplete="organization"
        maxLength={160}
        required
      />
      <TextField
        {...field("address")}
        defaultValue={of.address}
        autoComplete="street-address"
        maxLength={240}
        required
      />
      <TextField
        {...field("taxId")}
        defaultValue={of.taxId}
        autoComplete="off"
        maxLength={40}
        required
        className="sm:max-w-96"
      />
      <TextField
        {...field("privacyEmail")}
        type="email"
        defaultValue={of.privacyEmail}
        autoComplete="email"
        required
        className="sm:max-w-96"
      />
      <NumberField
        {...field("consentMonths")}
        defaultValue={of.consentMonths}
        after={t("consentMonths.unit")}
        className="sm:max-w-96"
        required
      />
      <TextField {...field("dpo")} defaultValue={of.dpo ?? ""} maxLength={200} optional />
      <ProcessorRows
        of={of.processors}
        words={{
          ...{
            label: t("processors.label"),
            help: t("processors.help"),
            name: t("processors.name"),
            country: t("processors.country"),
          },
          ...{ safeguard: t("processors.safeguard"), row: t("processors.row", { n: "{n}" }), add: t("processors.add") },
        }}
      />
      <TextField {...field("privacyUrl")} type="url" defaultValue={of.privacyUrl ?? ""} optional />
      <TextField {...field("website")} type="url" defaultValue={of.website ?? ""} optional />
      <Select
        {...field("locale")}
        defaultValue={of.locale}
        options={(["it", "en"] as const).map((value) => ({ value, label: t(`locales.${value}`) }))}
        className="sm:max-w-96"
      />
      <Radio
        {...field("tone")}
        defaultValue={of.tone}
        choices={(["tu", "lei"] as const).map((value) => ({ value, label: t(`tones.${value}`) }))}
      />
      <Select
        {...field("timeZone")}
        defaultValue={of.timeZone}
        options={zones(of.timeZone).map((value) => ({ value, label: value.replaceAll("_", " ") }))}
        className="sm:max-w-96"
      />
    </>
  );
}

/** What readers see of it while it is typed: the box of a form, and the foot of each mail. */
export async function IdentityPreview() {
  const t = await getTranslations("identity");
  const names = ["legalName", "address", "taxId", "privacyEmail", "consentMonths"] as const;
  const blanks = Object.fromEntries(names.map((name) => [name, lowerFirst(t(`${name}.label`))]));
  const tokens = Object.fromEntries(names.map((name) => [name, `⟦${name}⟧`]));
  const shown = (key: string) => (
    <MirroredChoice
      by="locale"
      of={{
        it: <Mirrored text={t(`preview.it.${key}`, tokens)} blanks={blanks} />,
        en: <Mirrored text={t(`preview.en.${key}`, tokens)} blanks={blanks} />,
      }}
    />
  );
  const toned = (key: string) => <MirroredChoice by="tone" of={{ tu: shown(`${key}Tu`), lei: shown(`${key}Lei`) }} />;
  return (
    <Section title={t("preview.title")}>
      <Sheet>
        <SheetPart>
          <p className="text-note font-semibold text-ink-2">{t("preview.onForm")}</p>
          <p className="text-table">{toned("form")}</p>
        </SheetPart>
        <SheetPart>
          <p className="text-note font-semibold text-ink-2">{t("preview.inMail")}</p>
          <p className="text-note">{shown("mail")}</p>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
