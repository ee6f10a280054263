import type { Metadata } from "next";
import { listOrganizations, type OrganizationRow } from "../../../lib/organizations/list.ts";
import { smtpAllow } from "../../../lib/organizations/smtp-allow.ts";
import { blocklists } from "../../../lib/servers/domain-check/blocklists-setting.ts";
import { lendable, listLoans } from "../../../lib/servers/list-loans.ts";
import { listUsers } from "../../../lib/users/operators.ts";
import { found, type SignedIn, signedIn } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { LinkButton } from "../../_ui/button.tsx";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextArea, TextField } from "../../_ui/text-field.tsx";
import { TimeText } from "../../_ui/time-text.tsx";
import { allow, close } from "./actions.ts";
import { Blocklists } from "./blocklists.tsx";
import { Loans } from "./loans.tsx";
import { Operators } from "./operators.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("installation.title") };
}

/** What concerns all of it: organizations, who runs it, and which inner hosts mail may go to. */
export default async function InstallationPage() {
  const me = await signedIn("installation");
  const { s, who, t } = me;
  const [organizations, users, allowed, zones, loans, offered] = await found(
    Promise.all([
      ...([
        listOrganizations(s, { who }),
        listUsers(s, { who }),
        smtpAllow(s, { who }),
        blocklists(s, { who }),
      ] as const),
      ...([listLoans(s, { who }), lendable(s, { who })] as const),
    ]),
  );
  const open = organizations.filter(({ closedAt }) => !closedAt).length;
  return (
    <>
      <PageHead
        title={t("installation.title")}
        state={t("installation.state", { n: open, url: s.config.PUBLIC_URL })}
        actions={
          <LinkButton icon="plus" href="/setup/organization">
            {t("installation.create")}
          </LinkButton>
        }
      />
      <Section title={t("installation.organizations")}>
        <DataTable
          caption={t("installation.organizations")}
          columns={columns(me, open)}
          rows={organizations}
          rowKey={(row) => row.id}
        />
      </Section>
      <Loans {...{ signed: me, loans, offered }} />
      <Operators users={users} t={t} />
      <Section title={t("installation.allow.title")}>
        <Sheet>
          <SheetPart>
            <p className="max-w-text">{t("installation.allow.about")}</p>
            {allowed.fromSettings.length > 0 && (
              <p className="max-w-text text-table text-ink-2">
                {t("installation.allow.fromSettings", { pairs: allowed.fromSettings.join(", ") })}
              </p>
            )}
            <ActionForm action={allow} id="allow">
              <TextArea
                name="pairs"
                label={t("installation.allow.pairs")}
                help={t("installation.allow.pairsHelp")}
                defaultValue={allowed.pairs.join("\n")}
                rows={4}
                spellCheck={false}
                optional
              />
              <SubmitButton>{t("installation.allow.save")}</SubmitButton>
            </ActionForm>
          </SheetPart>
        </Sheet>
      </Section>
      <Blocklists {...{ t, zones }} />
    </>
  );
}

function columns({ t, format }: SignedIn, open: number): Column<OrganizationRow>[] {
  const stand = (row: OrganizationRow) => {
    if (row.closedAt)
      return <StatusTag tone="still">{t("installation.closed", { date: format.date(row.closedAt) })}</StatusTag>;
    if (row.liveAt) return <StatusTag tone="ok">{t("installation.live")}</StatusTag>;
    return <StatusTag tone="info">{t(row.demo ? "installation.demo" : "installation.sandbox")}</StatusTag>;
  };
  const shown: Column<OrganizationRow>[] = [
    {
      key: "name",
      head: t("installation.organization"),
      main: true,
      cell: (row) => (
        <>
          {row.name}
          <span className="block font-normal text-ink-2">/{row.slug}</span>
        </>
      ),
    },
    { key: "state", head: t("people.stand"), cell: stand },
    { key: "contacts", head: t("nav.contacts"), numeric: true, cell: (row) => format.number(row.contacts) },
    { key: "since", head: t("installation.since"), cell: (row) => <TimeText at={row.createdAt} /> },
  ];
  const closes = (row: OrganizationRow) => (row.closedAt ? null : <Close row={row} t={t} />);
  return open < 2 ? shown : [...shown, { key: "actions", head: t("people.actions"), cell: closes }];
}

function Close({ row, t }: { row: OrganizationRow; t: SignedIn["t"] }) {
  return (
    <ConfirmDialog
      open={t("installation.close.open")}
      openLook="quiet"
      title={t("installation.close.title", { name: row.name })}
      action={close}
      values={{ organization: row.id }}
      confirm={t("installation.close.confirm")}
    >
      <p>{t("installation.close.about", { n: row.contacts })}</p>
      <TextField name="name" label={t("installation.close.name", { name: row.name })} autoComplete="off" required />
    </ConfirmDialog>
  );
}
