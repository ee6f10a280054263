import type { UserRow } from "../../../lib/users/operators.ts";
import type { Translate } from "../../_server/translate.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Address } from "../../_ui/address.tsx";
import { DataTable } from "../../_ui/data-table.tsx";
import { Section } from "../../_ui/layout.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { operate } from "./actions.ts";

/** Everybody with an account here, and who of them runs the installation. */
export function Operators({ users, t }: { users: readonly UserRow[]; t: Translate }) {
  const operates = (user: UserRow) => (user.you || user.disabledAt ? null : <Operate user={user} t={t} />);
  return (
    <Section title={t("installation.users")}>
      <DataTable
        caption={t("installation.users")}
        rows={users}
        rowKey={(user) => user.id}
        columns={[
          {
            key: "name",
            head: t("people.person"),
            main: true,
            cell: (user) => (
              <>
                {user.name}
                {user.you && <span className="font-normal text-ink-2"> {t("people.you")}</span>}
                <span className="block font-normal text-ink-2">
                  <Address value={user.email} />
                </span>
              </>
            ),
          },
          {
            key: "organizations",
            head: t("installation.organizations"),
            numeric: true,
            cell: (user) => String(user.organizations),
          },
          {
            key: "state",
            head: t("people.stand"),
            cell: (user) =>
              user.disabledAt ? (
                <StatusTag tone="still">{t("installation.disabled")}</StatusTag>
              ) : user.operator ? (
                <StatusTag tone="info">{t("roles.operator.name")}</StatusTag>
              ) : null,
          },
          ...(users.length < 2 ? [] : [{ key: "actions", head: t("people.actions"), cell: operates }]),
        ]}
      />
    </Section>
  );
}

function Operate({ user, t }: { user: UserRow; t: Translate }) {
  return (
    <ActionForm action={operate} className="" label={user.name}>
      <input type="hidden" name="user" value={user.id} />
      <SubmitButton look="quiet" name="operator" value={user.operator ? "no" : "yes"}>
        {t(user.operator ? "installation.takeMark" : "installation.giveMark")}
      </SubmitButton>
    </ActionForm>
  );
}
