import type { LoanRow, lendable } from "../../../lib/servers/list-loans.ts";
import type { SignedIn } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Select } from "../../_ui/select.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { NumberField } from "../../_ui/text-field.tsx";
import { changeLoan, endOneLoan, lendServer } from "./actions.ts";

type Lendable = Awaited<ReturnType<typeof lendable>>;
type Props = { signed: SignedIn; loans: LoanRow[]; offered: Lendable };

/** Which servers are lent to whom, with what share of a day; lending another one. Shown once there is somebody to lend to. */
export function Loans({ signed, loans, offered }: Props) {
  const { t } = signed;
  if (loans.length === 0 && (offered.servers.length === 0 || offered.organizations.length < 2)) return null;
  return (
    <Section title={t("installation.loans.title")}>
      {loans.length > 0 && (
        <DataTable
          caption={t("installation.loans.title")}
          columns={columns(signed)}
          rows={loans}
          rowKey={({ server, organization }) => `${server} ${organization}`}
        />
      )}
      <div className={loans.length > 0 ? "mt-5" : ""}>
        <Sheet>
          <SheetPart>
            <p className="max-w-text">{t("installation.loans.about")}</p>
            {oversold(loans).map(({ server, name, n, most }) => (
              <p key={server} className="max-w-text text-table text-warn">
                <b>{name}</b>: {t("installation.loans.over", { n, most })}
              </p>
            ))}
            <LendForm {...{ signed, offered }} />
          </SheetPart>
        </Sheet>
      </div>
    </Section>
  );
}

function LendForm({ signed: { t }, offered }: Omit<Props, "loans">) {
  return (
    <ActionForm action={lendServer} id="lend" className="space-y-5" label={t("installation.loans.lend")}>
      <Select
        name="server"
        label={t("installation.loans.server")}
        choose={t("installation.loans.choose")}
        required
        options={offered.servers.map(({ id, name, owner }) => ({ value: id, label: `${name} · ${owner}` }))}
      />
      <Select
        name="organization"
        label={t("installation.loans.borrower")}
        choose={t("installation.loans.choose")}
        required
        options={offered.organizations.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Share t={t} />
      <SubmitButton>{t("installation.loans.lend")}</SubmitButton>
    </ActionForm>
  );
}

function Share({ t, now }: { t: SignedIn["t"]; now?: number }) {
  return (
    <NumberField
      name="perDay"
      label={t("installation.loans.perDay")}
      help={t("installation.loans.perDayHelp")}
      required
      defaultValue={now}
    />
  );
}

/** Servers whose shares add up to more than they may send a day. */
function oversold(loans: LoanRow[]): { server: string; name: string; n: number; most: number }[] {
  const sums = new Map<string, { server: string; name: string; n: number; most: number | null }>();
  for (const { server, name, perDay, most } of loans)
    sums.set(server, { server, name, most, n: (sums.get(server)?.n ?? 0) + perDay });
  return [...sums.values()].flatMap((one) =>
    one.most !== null && one.n > one.most ? [{ ...one, most: one.most }] : [],
  );
}

function columns({ t, format }: SignedIn): Column<LoanRow>[] {
  return [
    {
      ...{ key: "server", main: true, head: t("installation.loans.server") },
      cell: ({ name, owner }) => (
        <>
          {name}
          <span className="block font-normal text-ink-2">{t("installation.loans.of", { owner })}</span>
        </>
      ),
    },
    { key: "borrower", head: t("installation.loans.borrower"), cell: ({ borrower }) => borrower },
    {
      ...{ key: "share", numeric: true, head: t("installation.loans.share") },
      cell: ({ perDay }) => format.number(perDay),
    },
    { key: "used", numeric: true, head: t("installation.loans.used"), cell: ({ used }) => format.number(used) },
    {
      ...{ key: "state", head: t("people.stand") },
      cell: ({ liveAt }) => (
        <StatusTag tone={liveAt ? "ok" : "still"}>{t(`installation.loans.${liveAt ? "live" : "waits"}`)}</StatusTag>
      ),
    },
    { key: "actions", head: t("people.actions"), cell: (row) => <Change {...{ t, row }} /> },
  ];
}

function Change({ t, row }: { t: SignedIn["t"]; row: LoanRow }) {
  const { server, organization, borrower: name } = row;
  return (
    <>
      <ConfirmDialog
        open={t("installation.loans.change")}
        openLook="quiet"
        title={t("installation.loans.changeTitle", { name })}
        action={changeLoan}
        values={{ server, organization }}
        confirm={t("installation.loans.change")}
        confirmLook="primary"
      >
        <Share t={t} now={row.perDay} />
      </ConfirmDialog>
      <ConfirmDialog
        open={t("installation.loans.end")}
        openLook="quiet"
        title={t("installation.loans.endTitle", { name })}
        action={endOneLoan}
        values={{ server, organization }}
        confirm={t("installation.loans.end")}
      >
        <p>{t("installation.loans.endAbout")}</p>
      </ConfirmDialog>
    </>
  );
}
