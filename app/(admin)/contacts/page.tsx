import type { Metadata } from "next";
import { searchContacts } from "../../../lib/consent/search-contacts.ts";
import { type ContactRow, STANDINGS } from "../../../lib/contacts/types.ts";
import { isUuid } from "../../../lib/crypto/uuid.ts";
import { listNames } from "../../../lib/lists/names.ts";
import { seesAddresses } from "../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../_server/session.ts";
import { LinkButton } from "../../_ui/button.tsx";
import { contactAddress, contactSince, contactStanding } from "../../_ui/contact-columns.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { SearchForm } from "./search-form.tsx";

type Search = { q?: string | string[]; list?: string; standing?: string; after?: string };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("contacts.title") };
}

/** People by part of address or name, list and standing; what is looked for stands in the address of the page. */
export default async function ContactsPage({ searchParams }: { searchParams: Promise<Search> }) {
  const signed = await signedIn("contacts.see");
  const { s, who, t } = signed;
  const search = await searchParams;
  const text = [search.q].flat()[0]?.slice(0, 254) ?? "";
  const standing = STANDINGS.find((one) => one === search.standing);
  const list = search.list && isUuid(search.list) ? search.list : undefined;
  const after = search.after && isUuid(search.after) ? search.after : undefined;
  const asked = { ...(text ? { text } : {}), ...(list ? { list } : {}), ...(standing ? { standing } : {}) };
  const { rows, next } = await found(searchContacts(s, { who, ...asked, ...(after ? { after } : {}) }));
  const lists = await listNames(s.db, { organization: who.organization, archived: true });
  const address = (more: Record<string, string>) => {
    const { text: q, ...filters } = asked;
    return `/contacts?${new URLSearchParams({ ...(q ? { q } : {}), ...filters, ...more })}`;
  };
  const filtered = Object.keys(asked).length > 0;
  return (
    <>
      <PageHead title={t("contacts.title")} state={t(seesAddresses(who) ? "contacts.about" : "contacts.aboutMasked")} />
      <SearchForm t={t} text={text} list={list} standing={standing} lists={lists} masked={!seesAddresses(who)} />
      <DataTable
        caption={t("contacts.title")}
        columns={columns(signed)}
        rows={rows}
        rowKey={(row) => row.id}
        pages={{ first: after && address({}), next: next && address({ after: next }) }}
        empty={<Nobody t={t} filtered={filtered} on={next && address({ after: next })} />}
      />
    </>
  );
}

/** Nobody on this page: at all, by these words, or not among those looked at so far. */
function Nobody({ t, filtered, on }: { t: SignedIn["t"]; filtered: boolean; on: string | undefined }) {
  if (on)
    return <Empty action={<LinkButton href={on}>{t("contacts.searchOn")}</LinkButton>}>{t("contacts.noneYet")}</Empty>;
  if (filtered)
    return (
      <Empty action={<LinkButton href="/contacts">{t("contacts.showAll")}</LinkButton>}>
        {t("contacts.noneFound")}
      </Empty>
    );
  return <Empty action={<LinkButton href="/lists">{t("contacts.toLists")}</LinkButton>}>{t("contacts.empty")}</Empty>;
}

function columns({ t }: SignedIn): Column<ContactRow>[] {
  return [
    contactAddress(t),
    contactStanding(t),
    {
      ...{ key: "lists", head: t("contacts.columns.lists") },
      cell: (row) => <span className="block sm:min-w-28">{row.lists.join(", ") || "–"}</span>,
    },
    contactSince(t),
  ];
}
