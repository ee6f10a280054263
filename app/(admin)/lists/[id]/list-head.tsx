import type { ListDetails } from "../../../../lib/lists/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { Tabs } from "../../../_ui/tabs.tsx";

const VIEWS = { people: "", words: "/words", forms: "/forms", settings: "/settings" } as const;

type Props = { signed: SignedIn; list: ListDetails; current: keyof typeof VIEWS; actions?: React.ReactNode };

/** The head of a list's pages: its name, its promise, its views. */
export function ListHead({ signed: { t, format }, list, current, actions }: Props) {
  const promise = t("lists.promise", { topics: capital(list.topics), frequency: list.frequency });
  const archived = list.archivedAt && t("lists.archivedOn", { at: format.date(list.archivedAt) });
  return (
    <>
      <PageHead
        title={list.name}
        state={archived ? `${promise} ${archived}` : promise}
        above={<Breadcrumb of={[{ href: "/lists", label: t("lists.title") }]} />}
        actions={actions}
      />
      <Tabs
        label={t("lists.views.label")}
        of={Object.entries(VIEWS).map(([view, path]) => ({
          href: `/lists/${list.id}${path}`,
          label: t(`lists.views.${view}`),
          current: view === current,
        }))}
      />
    </>
  );
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
