import type { Metadata } from "next";
import { listPeople, type OpenInvitation, type Person } from "../../../lib/users/list-people.ts";
import { hasRight } from "../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../_server/session.ts";
import { Address } from "../../_ui/address.tsx";
import { LinkButton } from "../../_ui/button.tsx";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Section } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { TimeText } from "../../_ui/time-text.tsx";
import { withdraw } from "./actions.ts";
import { RolesMatrix } from "./roles-matrix.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("people.title") };
}

/** Who works here and as what; who is invited; what each role may do. */
export default async function PeoplePage() {
  const me = await signedIn("people.see");
  const { s, who, t } = me;
  const { people, invitations } = await found(listPeople(s, { who }));
  const writes = hasRight(who, "people.write");
  return (
    <>
      <PageHead
        title={t("people.title")}
        state={t("people.state", { n: people.length, invited: invitations.length })}
        actions={
          writes && (
            <LinkButton look="primary" icon="plus" href="/people/invite">
              {t("people.invite.open")}
            </LinkButton>
          )
        }
      />
      <DataTable
        caption={t("people.title")}
        columns={columns(me, writes)}
        rows={people}
        rowKey={(person) => person.id}
      />
      {invitations.length > 0 && (
        <Section title={t("people.invitations")}>
          <DataTable
            caption={t("people.invitations")}
            columns={invitationColumns(me, writes)}
            rows={invitations}
            rowKey={(invitation) => invitation.id}
          />
        </Section>
      )}
      <Section title={t("people.matrix.title")}>
        <details>
          <summary className="link mb-3 inline-block text-table">{t("people.matrix.show")}</summary>
          <RolesMatrix t={t} />
        </details>
      </Section>
    </>
  );
}

function columns({ t, format }: SignedIn, writes: boolean): Column<Person>[] {
  const stand = (person: Person) =>
    person.disabledAt ? (
      <StatusTag tone="still">{t("people.disabled", { date: format.date(person.disabledAt) })}</StatusTag>
    ) : (
      <StatusTag tone="ok">{t("people.active")}</StatusTag>
    );
  return [
    {
      key: "name",
      head: t("people.person"),
      main: true,
      cell: (person) => (
        <>
          {writes ? <Link href={`/people/${person.id}`}>{person.name}</Link> : person.name}
          {person.you && <span className="font-normal text-ink-2"> {t("people.you")}</span>}
          <span className="block font-normal text-ink-2">
            <Address value={person.email} />
          </span>
        </>
      ),
    },
    { key: "roles", head: t("people.roles"), cell: (person) => rolesOf(person, t) },
    { key: "state", head: t("people.stand"), cell: stand },
    {
      key: "seen",
      head: t("people.seen"),
      cell: ({ seenAt }) =>
        seenAt ? <TimeText at={seenAt} /> : <span className="text-ink-2">{t("people.never")}</span>,
    },
  ];
}

const rolesOf = ({ roles, operator }: Person, t: SignedIn["t"]) =>
  [...roles, ...(operator ? (["operator"] as const) : [])].map((role) => t(`roles.${role}.name`)).join(", ");

function invitationColumns({ t }: SignedIn, writes: boolean): Column<OpenInvitation>[] {
  const shown: Column<OpenInvitation>[] = [
    { key: "email", head: t("access.email"), main: true, cell: ({ email }) => <Address value={email} /> },
    {
      key: "roles",
      head: t("people.roles"),
      cell: ({ roles }) => roles.map((role) => t(`roles.${role}.name`)).join(", "),
    },
    { key: "until", head: t("people.until"), cell: ({ expiresAt }) => <TimeText at={expiresAt} /> },
  ];
  if (!writes) return shown;
  const actions: Column<OpenInvitation> = {
    key: "actions",
    head: t("people.actions"),
    cell: ({ id, email }) => (
      <ConfirmDialog
        open={t("people.withdraw.open")}
        openLook="quiet"
        title={t("people.withdraw.title")}
        action={withdraw}
        values={{ invitation: id }}
        confirm={t("people.withdraw.confirm")}
      >
        <p>{t("people.withdraw.about", { email })}</p>
      </ConfirmDialog>
    ),
  };
  return [...shown, actions];
}
