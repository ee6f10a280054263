import { RIGHTS, type Right, ROLES } from "../../../lib/users/roles.ts";
import type { Translate } from "../../_server/translate.ts";
import { DataTable } from "../../_ui/data-table.tsx";
import { Icon } from "../../_ui/icon.tsx";

const HOLDERS = [...ROLES, "operator"] as const;

/** What each role may do, from the same data that the program asks. */
export function RolesMatrix({ t }: { t: Translate }) {
  const rows = Object.keys(RIGHTS) as Right[];
  return (
    <DataTable
      caption={t("people.matrix.title")}
      rows={rows}
      rowKey={(right) => right}
      columns={[
        {
          key: "right",
          head: t("people.matrix.may"),
          main: true,
          cell: (right) => <span className="font-normal">{t(`rights.${right.replace(".", "_")}`)}</span>,
        },
        ...HOLDERS.map((holder) => ({
          key: holder,
          head: t(`roles.${holder}.name`),
          cell: (right: Right) => <Mark on={(RIGHTS[right] as readonly string[]).includes(holder)} t={t} />,
        })),
      ]}
    />
  );
}

function Mark({ on, t }: { on: boolean; t: Translate }) {
  if (!on)
    return (
      <span aria-hidden="true" className="text-ink-3">
        –
      </span>
    );
  return (
    <span className="text-ok">
      <Icon name="check" size={16} label={t("people.matrix.yes")} />
    </span>
  );
}
