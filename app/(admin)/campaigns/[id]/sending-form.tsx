import type { ReactNode } from "react";
import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { PRIORITIES, SEND_ORDERS } from "../../../../lib/campaigns/types.ts";
import { wallTime } from "../../../../lib/text/zoned.ts";
import { zoneCity } from "../../../../lib/text/zones.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import type { FormAction } from "../../../_ui/action-state.ts";
import { Checkbox, FieldGroup } from "../../../_ui/choices.tsx";
import { DateTimeField } from "../../../_ui/date-time-field.tsx";
import { Fold } from "../../../_ui/fold.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Select } from "../../../_ui/select.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { NumberField } from "../../../_ui/text-field.tsx";
import { weekdayNames } from "../weekday-names.ts";

type Props = {
  signed: SignedIn;
  page: CampaignPage;
  action: FormAction;
  /** What its server lets through: the pace can only be lowered. */
  rate: string;
  /** `launched`: the order is in the snapshot, and the start over once it has begun. */
  launched?: boolean;
};

/** When and how fast: start, days and hours, pace, who goes first, and until when. */
export function SendingForm({ signed, page, action, rate, launched = false }: Props) {
  const { t, locale } = signed;
  const { campaign, draft, zone } = page;
  const city = zoneCity(zone, locale);
  const wall = (at: string | null) => (at === null ? undefined : wallOf(new Date(at), zone));
  const starts = !launched || campaign.state === "scheduled";
  const form = (
    <ActionForm action={action} id="sending-form" className="space-y-5" label={t("campaigns.sending.title")}>
      <input type="hidden" name="campaign" value={campaign.id} />
      {!launched && <input type="hidden" name="version" value={campaign.version} />}
      {starts && (
        <DateTimeField
          name="startsAt"
          label={t("campaigns.sending.startsAt")}
          {...(launched ? {} : { optional: true, help: t("campaigns.sending.startsAtHelp") })}
          defaultValue={wall(draft.startsAt)}
          zone={city}
        />
      )}
      <Hours signed={signed} page={page} />
      <Pace t={t} page={page} rate={rate} />
      <Precedence t={t} page={page} launched={launched} />
      <DateTimeField
        name="notAfter"
        label={t("campaigns.sending.notAfter")}
        help={t("campaigns.sending.notAfterHelp")}
        optional
        defaultValue={wall(draft.notAfter)}
        zone={city}
      />
      <SubmitButton look="plain">{t(`campaigns.sending.${launched ? "change" : "save"}`)}</SubmitButton>
    </ActionForm>
  );
  return (
    <Section id="sending" title={t("campaigns.sending.title")}>
      <Sheet>
        <SheetPart>{launched ? <Fold title={t("campaigns.sending.open")}>{form}</Fold> : form}</SheetPart>
      </Sheet>
    </Section>
  );
}

function wallOf(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = wallTime(at, zone);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

function Hours({ signed: { t, locale }, page: { draft } }: { signed: SignedIn; page: CampaignPage }): ReactNode {
  const chosen = draft.weekdays ?? 127;
  return (
    <>
      <FieldGroup name="days" label={t("campaigns.sending.days")} help={t("campaigns.sending.daysHelp")}>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {weekdayNames(locale, "short").map((name, i) => (
            <Checkbox key={name} grouped name="days[]" value={String(i)} defaultChecked={(chosen & (1 << i)) !== 0}>
              {name}
            </Checkbox>
          ))}
        </div>
      </FieldGroup>
      <div className="flex flex-wrap gap-x-5 gap-y-4">
        <NumberField
          name="hourFrom"
          label={t("campaigns.sending.hourFrom")}
          after=":00"
          optional
          defaultValue={draft.hourFrom ?? undefined}
        />
        <NumberField
          name="hourTo"
          label={t("campaigns.sending.hourTo")}
          after=":00"
          optional
          defaultValue={draft.hourTo ?? undefined}
        />
      </div>
    </>
  );
}

type PartProps = { t: SignedIn["t"]; page: CampaignPage };

function Pace({ t, page: { draft }, rate }: PartProps & { rate: string }) {
  return (
    <NumberField
      name="perHour"
      label={t("campaigns.sending.perHour")}
      help={t("campaigns.sending.perHourHelp", { rate })}
      optional
      defaultValue={draft.perHour ?? undefined}
      after={t("campaigns.sending.anHour")}
    />
  );
}

function Precedence({ t, page: { draft }, launched }: PartProps & { launched: boolean }) {
  return (
    <>
      {!launched && (
        <Select
          name="sendOrder"
          label={t("campaigns.sending.order")}
          help={t("campaigns.sending.orderHelp")}
          defaultValue={draft.sendOrder}
          options={SEND_ORDERS.map((value) => ({ value, label: t(`campaigns.sending.orders.${value}`) }))}
        />
      )}
      <Select
        name="priority"
        label={t("campaigns.sending.priority")}
        help={t("campaigns.sending.priorityHelp")}
        defaultValue={String(draft.priority)}
        options={PRIORITIES.map((n) => ({ value: String(n), label: t(`campaigns.sending.priorities.p${n + 1}`) }))}
      />
    </>
  );
}
