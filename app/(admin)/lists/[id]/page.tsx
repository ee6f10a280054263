import type { Metadata } from "next";
import type { ListFigures } from "../../../../lib/consent/list-figures.ts";
import { listOverview } from "../../../../lib/consent/list-overview.ts";
import { openRequests } from "../../../../lib/consent/open-requests.ts";
import { searchContacts } from "../../../../lib/consent/search-contacts.ts";
import { STANDINGS } from "../../../../lib/contacts/types.ts";
import { isUuid } from "../../../../lib/crypto/uuid.ts";
import { findList } from "../../../../lib/lists/find.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { LinkButton } from "../../../_ui/button.tsx";
import { Empty } from "../../../_ui/empty.tsx";
import { KeySentence, RICH } from "../../../_ui/key-sentence.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Choices } from "./choices.tsx";
import { ListHead } from "./list-head.tsx";
import { PeopleTable, RequestsTable } from "./people-table.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ standing?: string; after?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who } = await signedIn();
  return { title: (await found(findList(s, { who, list: (await params).id }))).name };
}

const FILTERS = ["active", "pending", "left", "stopped", "expired", "simulated"] as const;

/** Who is on the list: in sentences, then row by row. */
export default async function ListPage({ params, searchParams }: Props) {
  const signed = await signedIn("contacts.see");
  const { s, who, t } = signed;
  const { id } = await params;
  const list = await found(findList(s, { who, list: id }));
  const search = await searchParams;
  const filter = FILTERS.find((one) => one === search.standing);
  const after = search.after && isUuid(search.after) ? search.after : undefined;
  const [line] = await listOverview(s, { who, list: id });
  const address = (more: Record<string, string>) =>
    `/lists/${id}?${new URLSearchParams({ ...(filter ? { standing: filter } : {}), ...more })}`;
  const all = LinkButton({ href: `/contacts?list=${id}`, icon: "search", children: t("lists.findPeople") });
  return (
    <>
      <ListHead signed={signed} list={list} current="people" actions={all} />
      {line && (
        <Sheet className="mb-5">
          <SheetPart>
            <Figures figures={line.figures} signed={signed} />
          </SheetPart>
        </Sheet>
      )}
      <Choices
        label={t("lists.filter")}
        of={[undefined, ...FILTERS].map((one) => ({
          href: one ? `/lists/${id}?standing=${one}` : `/lists/${id}`,
          label: t(one ? `lists.filters.${one}` : "lists.filters.all"),
          current: one === filter,
        }))}
      />
      {filter === "pending" ? (
        <Requests signed={signed} list={id} after={after} address={address} />
      ) : (
        <People
          signed={signed}
          list={id}
          filter={filter}
          after={after}
          address={address}
          words={line?.words ?? false}
        />
      )}
    </>
  );
}

function Figures({ figures, signed: { t } }: { figures: ListFigures; signed: SignedIn }) {
  const { about, ...n } = figures;
  return <KeySentence>{t.rich(about ? "lists.figuresAbout" : "lists.figures", { ...n, ...RICH })}</KeySentence>;
}

type Rows = {
  signed: SignedIn;
  list: string;
  after: string | undefined;
  address(more: Record<string, string>): string;
};

async function Requests({ signed, list, after, address }: Rows) {
  const { rows, next } = await openRequests(signed.s, { who: signed.who, list, ...(after ? { after } : {}) });
  const pages = { first: after && address({}), next: next && address({ after: next }) };
  return <RequestsTable signed={signed} rows={rows} pages={pages} />;
}

async function People({
  signed,
  list,
  filter,
  after,
  address,
  words,
}: Rows & { filter: string | undefined; words: boolean }) {
  const { s, who, t } = signed;
  const standing = STANDINGS.find((one) => one === filter);
  const { rows, next } = await searchContacts(s, {
    ...{ who, list },
    ...(standing ? { standing } : {}),
    ...(after ? { after } : {}),
  });
  const pages = { first: after && address({}), next: next && address({ after: next }) };
  const empty = next ? (
    <Empty action={<LinkButton href={address({ after: next })}>{t("contacts.searchOn")}</LinkButton>}>
      {t("contacts.noneYet")}
    </Empty>
  ) : (
    <Empty
      action={
        !filter && (
          <LinkButton href={`/lists/${list}/${words ? "forms" : "words"}`}>
            {t(words ? "lists.toForms" : "lists.toWords")}
          </LinkButton>
        )
      }
    >
      {t(filter ? "lists.noneStanding" : "lists.noPeople")}
    </Empty>
  );
  return <PeopleTable signed={signed} rows={rows} pages={pages} empty={empty} />;
}
