import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { type Register as Ledger, register } from "../../../lib/consent/register.ts";
import { type SignedIn, signedIn } from "../../_server/session.ts";
import { Empty } from "../../_ui/empty.tsx";
import { KeySentence, RICH } from "../../_ui/key-sentence.tsx";
import { Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { Notice } from "../../_ui/notice.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { Register, RegisterRow } from "../../_ui/register.tsx";
import { TimeText } from "../../_ui/time-text.tsx";
import { EntryDetail } from "./entry-detail.tsx";
import { NumberForm } from "./number-form.tsx";

type Search = { n?: string | string[]; below?: string };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("register.title") };
}

/** The ledger as people read it: newest number first, each row opens its sheet. */
export default async function RegisterPage({ searchParams }: { searchParams: Promise<Search> }) {
  const signed = await signedIn("ledger.see");
  const { s, who, t } = signed;
  const search = await searchParams;
  const typed = [search.n].flat()[0]?.trim() ?? "";
  const number = numberOf(typed);
  const below = numberOf(search.below ?? "");
  const page = await register(s, { who, ...(below === undefined ? {} : { below }) });
  if (number !== undefined && number >= 1 && number <= page.size) redirect(`/register/${number}`);
  return (
    <>
      <PageHead title={t("register.title")} state={t("register.about")} />
      {typed !== "" && (
        <div className="mb-5">
          <Notice tone="warn">
            <p>{t("register.noSuchNumber", { typed: typed.slice(0, 40), n: page.size })}</p>
          </Notice>
        </div>
      )}
      <Sheet>
        <SheetPart className="print:hidden">
          <KeySentence>{t.rich("register.size", { n: page.size, waiting: page.waiting, ...RICH })}</KeySentence>
          <NumberForm
            label={t("register.search")}
            help={t("register.searchHelp")}
            submit={t("register.open")}
            typed={typed.slice(0, 40)}
          />
        </SheetPart>
        <Lines page={page} signed={signed} />
      </Sheet>
      <Pages page={page} below={below} t={t} />
    </>
  );
}

/** "4.102", "n. 4.102" and "4102" are one number. */
function numberOf(typed: string): number | undefined {
  const digits = typed.replace(/^\D*/, "").replace(/[.,\s\u00a0]/g, "");
  return /^\d{1,12}$/.test(digits) ? Number(digits) : undefined;
}

function Lines({ page, signed: { t, format } }: { page: Ledger; signed: SignedIn }) {
  if (page.lines.length === 0) return <Empty>{t("register.empty")}</Empty>;
  return (
    <Register label={t("register.title")}>
      {page.lines.map((line) => (
        <RegisterRow
          key={line.seq}
          serial={format.entry(line.seq)}
          time={<TimeText at={line.at} />}
          what={
            <Link href={`/register/${line.seq + 1}`} look="quiet">
              {t(`recordKinds.${line.kind.replace(".", "_")}`)}
            </Link>
          }
          detail={<EntryDetail line={line} t={t} />}
          state={
            line.level && <span className="text-note text-ink-2">{t("register.level", { level: line.level })}</span>
          }
        />
      ))}
    </Register>
  );
}

function Pages({ page, below, t }: { page: Ledger; below: number | undefined; t: SignedIn["t"] }) {
  if (page.next === undefined && below === undefined) return null;
  return (
    <nav aria-label={t("register.pages")} className="mt-2.5 flex flex-wrap gap-x-5 gap-y-1 text-table print:hidden">
      {below !== undefined && <Link href="/register">{t("ui.firstPage")}</Link>}
      {page.next !== undefined && <Link href={`/register?below=${page.next}`}>{t("ui.nextPage")}</Link>}
    </nav>
  );
}
