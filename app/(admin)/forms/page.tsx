import type { Metadata } from "next";
import { listForms } from "../../../lib/forms/list-forms.ts";
import type { FormRow } from "../../../lib/forms/types.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { LinkButton } from "../../_ui/button.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { Link } from "../../_ui/link.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { TimeText } from "../../_ui/time-text.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("forms.title") };
}

/** Every form of the organization, with the version that people see. */
export default async function FormsPage() {
  const signed = await signedIn("lists.see");
  const { s, who, t } = signed;
  return (
    <>
      <PageHead title={t("forms.title")} state={t("forms.about")} />
      <DataTable
        caption={t("forms.title")}
        columns={columns(signed)}
        rows={await listForms(s, { who })}
        rowKey={(row) => row.id}
        empty={<Empty action={<LinkButton href="/lists">{t("forms.toLists")}</LinkButton>}>{t("forms.empty")}</Empty>}
      />
    </>
  );
}

function columns({ t }: SignedIn): Column<FormRow>[] {
  return [
    {
      key: "name",
      main: true,
      head: t("forms.name"),
      cell: (row) => (
        <Link look="quiet" href={`/forms/${row.id}`}>
          {row.name}
        </Link>
      ),
    },
    {
      key: "list",
      head: t("forms.list"),
      cell: (row) => (
        <Link look="quiet" href={`/lists/${row.list.id}`}>
          {row.list.name}
        </Link>
      ),
    },
    { key: "state", head: t("forms.stateHead"), cell: (row) => <FormTag form={row} t={t} /> },
    { key: "language", head: t("forms.language"), cell: (row) => t(`notices.languages.${row.locale}_${row.tone}`) },
    { key: "version", numeric: true, head: t("forms.version"), cell: (row) => row.version },
    { key: "at", head: t("forms.publishedAt"), cell: (row) => <TimeText at={row.publishedAt} /> },
  ];
}

function FormTag({ form, t }: { form: FormRow; t: SignedIn["t"] }) {
  if (form.withdrawnAt) return <StatusTag tone="still">{t("forms.withdrawn")}</StatusTag>;
  if (form.outdated) return <StatusTag tone="warn">{t("forms.outdatedTag")}</StatusTag>;
  return <StatusTag tone="ok">{t("forms.online")}</StatusTag>;
}
