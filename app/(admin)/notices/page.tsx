import type { Metadata } from "next";
import { listOverview } from "../../../lib/consent/list-overview.ts";
import { type FullNoticePage, fullNoticePage } from "../../../lib/notices/full-notice-page.ts";
import { textVersions } from "../../../lib/notices/versions.ts";
import { hasRight } from "../../../lib/users/roles.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { LinkButton } from "../../_ui/button.tsx";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Empty } from "../../_ui/empty.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { Notice } from "../../_ui/notice.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { StatusTag } from "../../_ui/status-tag.tsx";
import { VersionTable } from "../../_ui/version-table.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("notices.title") };
}

/** Every text that people are shown: the organization's full notice, and the words of each list. */
export default async function NoticesPage() {
  const signed = await signedIn("notices.see");
  const { s, who, t, organization } = signed;
  const tone = organization.tone;
  const full = [
    await fullNoticePage(s, { who, locale: "it", tone }),
    await fullNoticePage(s, { who, locale: "en", tone }),
  ];
  const versions = await textVersions(s, { who, list: null });
  return (
    <>
      <PageHead title={t("notices.title")} state={t("notices.about")} />
      <Section title={t("notices.full")}>
        <Sheet>
          {full.map((one) => (
            <Full key={one.locale} of={one} signed={signed} />
          ))}
        </Sheet>
      </Section>
      {versions.length > 0 && (
        <Section title={t("notices.fullVersions")}>
          <VersionTable versions={versions} caption={t("notices.fullVersions")} empty="" languages />
        </Section>
      )}
      <Section title={t("notices.ofLists")}>
        <Lists signed={signed} />
      </Section>
    </>
  );
}

function Full({ of, signed: { t, format, who, s } }: { of: FullNoticePage; signed: SignedIn }) {
  const { inForce, locale, changed } = of;
  const at = inForce?.publishedAt;
  const old = changed !== null && (changed.controller !== null || changed.recipients.length > 0);
  return (
    <SheetPart>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="font-semibold">{t(`notices.languages.${locale}_${of.tone}`)}</h3>
          <p className="text-table text-ink-2">
            {inForce && at ? t("notices.inForceSince", { n: inForce.version, at: format.date(at) }) : t("notices.none")}
          </p>
          {inForce && (
            <p className="text-table">
              <a
                className="link"
                href={of.ownUrl ?? `${s.config.PUBLIC_URL}/p/${of.slug}/privacy`}
                target="_blank"
                rel="noopener"
              >
                {t("notices.seePublic")}
              </a>
            </p>
          )}
        </div>
        {hasRight(who, "notices.publish") && (
          <LinkButton href={`/notices/full?locale=${locale}`}>
            {t(inForce ? "notices.newVersion" : "notices.prepare")}
          </LinkButton>
        )}
      </div>
      {old && (
        <Notice tone="warn" title={t("notices.newConsent")}>
          {changed.controller && <p>{t("notices.newController", { name: changed.controller })}</p>}
          {changed.recipients.length > 0 && (
            <p>{t("notices.newRecipients", { names: changed.recipients.join(", ") })}</p>
          )}
        </Notice>
      )}
    </SheetPart>
  );
}

async function Lists({ signed }: { signed: SignedIn }) {
  const { s, who, t } = signed;
  const rows = (await listOverview(s, { who })).filter((one) => !one.archivedAt);
  const columns: Column<(typeof rows)[number]>[] = [
    {
      key: "name",
      main: true,
      head: t("lists.columns.name"),
      cell: (row) => (
        <Link look="quiet" href={`/lists/${row.id}/words`}>
          {row.name}
        </Link>
      ),
    },
    { key: "language", head: t("forms.language"), cell: (row) => t(`notices.languages.${row.locale}_${row.tone}`) },
    {
      key: "state",
      head: t("notices.columns.state"),
      cell: (row) => (
        <StatusTag tone={row.words ? "ok" : "warn"}>
          {t(row.words ? "notices.states.inForce" : "lists.noWords")}
        </StatusTag>
      ),
    },
  ];
  return (
    <DataTable
      {...{ columns, rows }}
      caption={t("notices.ofLists")}
      rowKey={(row) => row.id}
      empty={<Empty action={<LinkButton href="/lists">{t("lists.title")}</LinkButton>}>{t("notices.noLists")}</Empty>}
    />
  );
}
