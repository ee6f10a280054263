import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { type OpenedEntry, openEntry } from "../../../../lib/consent/open-entry.ts";
import type { NoticeVersion } from "../../../../lib/notices/types.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Checks } from "../../../_ui/checks.tsx";
import { CodeBlock } from "../../../_ui/copy-field.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Fold } from "../../../_ui/fold.tsx";
import { Columns, Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { Notice } from "../../../_ui/notice.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { TextBlocks } from "../../../_ui/text-preview.tsx";
import { RecordFacts } from "./record-facts.tsx";

type Props = { params: Promise<{ n: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t } = await signedIn();
  return { title: t("register.entryTitle", { n: (await params).n }) };
}

/** One entry as a sheet: what happened, with which words, and that record, commitment and leaf agree. Prints as it stands. */
export default async function EntryPage({ params }: Props) {
  const signed = await signedIn("ledger.see");
  const { s, who, t, format } = signed;
  const { n } = await params;
  if (!/^[1-9]\d{0,11}$/.test(n)) notFound();
  const opened = await found(openEntry(s, { who, seq: Number(n) - 1 }));
  const { entry } = opened;
  return (
    <>
      <PageHead
        title={t("register.entryHead", {
          number: format.entry(opened.seq),
          what: t(`recordKinds.${entry.kind.replace(".", "_")}`),
        })}
        state={format.instant(new Date(entry.at))}
        above={<Breadcrumb of={[{ href: "/register", label: t("register.title") }]} />}
      />
      <Columns aside={<Proof opened={opened} signed={signed} />}>
        <Section title={t("register.what")}>
          <Sheet>
            {opened.record ? (
              <RecordFacts record={opened.record} list={opened.list} contact={opened.contact} signed={signed} />
            ) : (
              <SheetPart>
                <Notice>
                  <p>{t("register.opensNoMore")}</p>
                </Notice>
              </SheetPart>
            )}
          </Sheet>
        </Section>
        <Words opened={opened} signed={signed} />
        <Section title={t("register.entry")}>
          <Note>{t("register.entryAbout")}</Note>
          <div className="mt-2.5">
            <CodeBlock label={t("register.entryBytes")}>{opened.text}</CodeBlock>
          </div>
        </Section>
      </Columns>
    </>
  );
}

/** The texts that stood on screen and in the mail, word for word. */
function Words({ opened, signed: { t } }: { opened: OpenedEntry; signed: SignedIn }) {
  if (opened.texts.length === 0) return null;
  const inOrder = (opened.entry.notice ?? []).flatMap(
    (hash) => opened.texts.find((text) => text.sha256 === hash) ?? [],
  );
  return (
    <Section title={t("register.words")}>
      <Sheet>
        {inOrder.map((text) => (
          <SheetPart key={text.id}>
            {SHORT.has(text.kind) ? (
              <>
                <h3 className="font-semibold">{nameOf(text, t)}</h3>
                <Text text={text} t={t} />
              </>
            ) : (
              <Fold title={nameOf(text, t)}>
                <Text text={text} t={t} />
              </Fold>
            )}
          </SheetPart>
        ))}
      </Sheet>
    </Section>
  );
}

/** What a person reads before she presses; the long ones open on demand. */
const SHORT = new Set(["consent_box", "short_notice"]);

const nameOf = (text: NoticeVersion, t: SignedIn["t"]) =>
  `${t(`notices.kinds.${text.kind}`)}, ${t("notices.version", { n: text.version })}`;

function Text({ text, t }: { text: NoticeVersion; t: SignedIn["t"] }) {
  return (
    <>
      <div lang={text.locale}>
        <TextBlocks body={text.body} />
      </div>
      <p className="text-note text-ink-2 [overflow-wrap:anywhere]">
        <Link href={`/notices/${text.id}`}>{t("register.openText")}</Link> · SHA-256{" "}
        <code className="font-mono">{text.sha256}</code>
      </p>
    </>
  );
}

function Proof({ opened, signed: { t, format } }: { opened: OpenedEntry; signed: SignedIn }) {
  const { leafHolds, recordHolds, leaf, origin, size, seq, entry } = opened;
  const words = {
    ok: t("register.marks.ok"),
    warn: t("register.marks.warn"),
    bad: t("register.marks.bad"),
    unknown: t("register.marks.unknown"),
  };
  const record = recordHolds === undefined ? "gone" : recordHolds ? "ok" : "bad";
  return (
    <Section title={t("register.proof")}>
      <Sheet>
        <Checks
          words={words}
          of={[
            { tone: leafHolds ? "ok" : "bad", title: t(leafHolds ? "register.leafHolds" : "register.leafFails") },
            {
              tone: record === "gone" ? "unknown" : record,
              title: t(`register.record.${record}`),
            },
          ]}
        />
        <Facts>
          <Fact term={t("register.position")}>
            {t("register.positionOf", { n: format.number(seq), size: format.number(size) })}
          </Fact>
          <Fact term={t("register.ledger")}>{origin}</Fact>
        </Facts>
        <Hash term={t("register.leaf")} value={leaf} />
        <Hash term={t("register.commitment")} value={entry.commitment} />
      </Sheet>
    </Section>
  );
}

function Hash({ term, value }: { term: string; value: string }) {
  return (
    <p className="px-4 py-2.5 text-table sm:px-5">
      <span className="block text-ink-2">{term}</span>
      <code className="font-mono text-note [overflow-wrap:anywhere]">{value}</code>
    </p>
  );
}
