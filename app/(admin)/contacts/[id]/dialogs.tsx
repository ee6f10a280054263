import { WITHDRAWAL_CHANNELS } from "../../../../lib/consent/withdraw-by-staff.ts";
import type { Translate } from "../../../_server/translate.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Select } from "../../../_ui/select.tsx";
import { TextArea } from "../../../_ui/text-field.tsx";
import { eraseContact, withdraw } from "../actions.ts";

type WithdrawProps = { contact: string; lists: { id: string; name: string; active: boolean }[]; t: Translate };

/** She told us by other ways than the link: what, how, and the circumstances. */
export function WithdrawDialog({ contact, lists, t }: WithdrawProps) {
  const options = [
    { value: "", label: t("contacts.withdraw.all") },
    ...lists.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <ConfirmDialog
      open={t("contacts.withdraw.open")}
      title={t("contacts.withdraw.title")}
      action={withdraw}
      values={{ contact }}
      confirm={t("contacts.withdraw.confirm")}
      confirmLook="primary"
    >
      <p>{t("contacts.withdraw.means")}</p>
      <Select
        name="list"
        label={t("contacts.withdraw.from")}
        options={options}
        defaultValue={lists.find((one) => one.active)?.id ?? ""}
      />
      <Select
        name="channel"
        label={t("contacts.withdraw.channel")}
        options={WITHDRAWAL_CHANNELS.map((value) => ({ value, label: t(`contacts.channels.${value}`) }))}
      />
      <TextArea
        name="note"
        label={t("contacts.withdraw.note")}
        help={t("contacts.withdraw.noteHelp")}
        optional
        rows={2}
      />
    </ConfirmDialog>
  );
}

/** Nothing brings her back: the consequence is said first. */
export function EraseDialog({ contact, address, t }: { contact: string; address: string; t: Translate }) {
  return (
    <ConfirmDialog
      open={t("contacts.erase.open")}
      icon="trash"
      title={t("contacts.erase.title", { address })}
      action={eraseContact}
      values={{ contact }}
      confirm={t("contacts.erase.confirm")}
    >
      <p>{t("contacts.erase.means")}</p>
      <p>{t("contacts.erase.stays")}</p>
    </ConfirmDialog>
  );
}
