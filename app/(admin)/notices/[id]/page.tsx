import type { Metadata } from "next";
import type { Change } from "../../../../lib/notices/diff.ts";
import { type VersionPage, versionPage } from "../../../../lib/notices/version-page.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { TextBlocks } from "../../../_ui/text-preview.tsx";

type Props = { params: Promise<{ id: string }> };

async function named({ s, who, t }: SignedIn, notice: string) {
  const page = await found(versionPage(s, { who, notice }));
  return {
    page,
    title: `${t(`notices.kinds.${page.version.kind}`)}, ${t("notices.version", { n: page.version.version })}`,
  };
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await named(await signedIn("notices.see"), (await params).id)).title };
}

/** One version of a text, word for word, with what changed since the one before. */
export default async function NoticeVersionPage({ params }: Props) {
  const signed = await signedIn("notices.see");
  const { t, format } = signed;
  const { page, title } = await named(signed, (await params).id);
  const { version, list, before } = page;
  const above = [{ href: "/notices", label: t("notices.title") }];
  if (list) above.push({ href: `/lists/${list.id}/words`, label: list.name });
  return (
    <>
      <PageHead
        title={title}
        state={
          version.publishedAt
            ? t("notices.publishedOn", { at: format.instant(version.publishedAt) })
            : t("notices.notPublished")
        }
        above={<Breadcrumb of={above} />}
      />
      <Columns aside={<Proof page={page} signed={signed} />}>
        <Section title={t("notices.text")}>
          <Sheet>
            <SheetPart>
              <div lang={version.locale}>
                <TextBlocks body={version.body} />
              </div>
            </SheetPart>
          </Sheet>
        </Section>
        {before && (
          <Section
            title={t("notices.changes", { n: before.version })}
            actions={<Link href={`/notices/${before.id}`}>{t("notices.openBefore", { n: before.version })}</Link>}
          >
            <Sheet>
              <SheetPart>
                <p lang={version.locale} className="max-w-text whitespace-pre-line [overflow-wrap:anywhere]">
                  {before.changes.map((change, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: stretches of a text have no other identity
                    <Stretch key={i} change={change} t={t} />
                  ))}
                </p>
              </SheetPart>
            </Sheet>
          </Section>
        )}
      </Columns>
    </>
  );
}

/** Gone is struck through, new is underlined: told apart without colour. */
function Stretch({ change, t }: { change: Change; t: SignedIn["t"] }) {
  if (change.kind === "same") return change.text;
  const spoken = <span className="sr-only"> [{t(`notices.spoken.${change.kind}`)}] </span>;
  if (change.kind === "gone")
    return (
      <del className="bg-bad-bg text-bad">
        {spoken}
        {change.text}
      </del>
    );
  return (
    <ins className="bg-ok-bg text-ok">
      {spoken}
      {change.text}
    </ins>
  );
}

function Proof({ page: { version, publisher }, signed: { t } }: { page: VersionPage; signed: SignedIn }) {
  return (
    <Sheet>
      <Facts>
        <Fact term={t("forms.language")}>{t(`notices.languages.${version.locale}_${version.tone}`)}</Fact>
        {version.purpose && <Fact term={t("lists.fields.purpose")}>{t(`lists.purposes.${version.purpose}`)}</Fact>}
        <Fact term={t("notices.columns.by")}>{publisher ?? "–"}</Fact>
        <Fact term="SHA-256">
          <code className="font-mono text-note">{version.sha256}</code>
        </Fact>
      </Facts>
      <SheetPart>
        <Note>{t(version.publishedAt ? "notices.immutable" : "notices.draftAbout")}</Note>
      </SheetPart>
    </Sheet>
  );
}
