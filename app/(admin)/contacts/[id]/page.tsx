import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { type ContactPage, contactPage } from "../../../../lib/consent/contact-page.ts";
import { erasedContact } from "../../../../lib/consent/erased-contact.ts";
import { story } from "../../../../lib/consent/story.ts";
import { NotFound } from "../../../../lib/errors.ts";
import { textsByHash } from "../../../../lib/notices/versions.ts";
import { withoutBidi } from "../../../../lib/text/header.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Section, Sheet } from "../../../_ui/layout.tsx";
import { Notice, StatusLine } from "../../../_ui/notice.tsx";
import { Actions, PageHead } from "../../../_ui/page-head.tsx";
import { Register } from "../../../_ui/register.tsx";
import { EraseDialog, WithdrawDialog } from "./dialogs.tsx";
import { Erased } from "./erased.tsx";
import { Standings } from "./standings.tsx";
import { StoryRow } from "./story-row.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ withdrawn?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("contacts.one") };
}

/** A person: how she stands on each list and why, and everything that happened between her and this controller. */
export default async function ContactDetailPage({ params, searchParams }: Props) {
  const signed = await signedIn("contacts.see");
  const { s, who, t } = signed;
  const { id } = await params;
  const page = await contactOrErased(signed, id);
  const above = <Breadcrumb of={[{ href: "/contacts", label: t("contacts.title") }]} />;
  if ("erasedAt" in page) return <Erased gone={page} signed={signed} above={above} />;
  const lines = (await found(story(s, { who, contact: id }))).reverse();
  const hashes = [...new Set(lines.flatMap((line) => line.notices?.map((one) => one.sha256) ?? []))];
  const texts = await textsByHash(s, { organization: who.organization, hashes });
  return (
    <>
      <PageHead
        title={<bdi>{page.address}</bdi>}
        state={<Head page={page} signed={signed} />}
        above={above}
        // Made anew when something happened: what was done in a dialog is then under the title.
        actions={<Buttons key={lines.length} page={page} signed={signed} />}
        status={<StatusLine>{(await searchParams).withdrawn && t("contacts.withdraw.done")}</StatusLine>}
      />
      <Stops page={page} signed={signed} />
      <Section title={t("contacts.standings")}>
        <Standings of={page.standings} signed={signed} />
      </Section>
      <Section title={t("contacts.story")}>
        <Sheet>
          <Register label={t("contacts.story")}>
            {lines.map((line) => (
              <StoryRow key={`${line.kind}${line.id}`} line={line} texts={texts} signed={signed} />
            ))}
          </Register>
        </Sheet>
      </Section>
    </>
  );
}

/** Name, since when, language, origin. A name is set apart: marks of direction in it turn nothing around it (B17). */
function Head({ page, signed: { t, format } }: { page: ContactPage; signed: SignedIn }) {
  const { name, createdAt, locale, origin } = page;
  const facts = {
    at: format.date(createdAt),
    language: t(`lists.locales.${locale}`),
    origin: t(`contacts.origins.${origin.kind}`, { form: withoutBidi(origin.form ?? "") }),
  };
  return (
    <>
      {name && (
        <>
          <bdi>{name}</bdi> ·{" "}
        </>
      )}
      {t("contacts.head", facts)}
    </>
  );
}

/** Whoever was erased keeps a page with numbers and days. */
async function contactOrErased({ s, who }: SignedIn, contact: string) {
  try {
    return await contactPage(s, { who, contact });
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    return (await erasedContact(s, { who, contact })) ?? notFound();
  }
}

function Buttons({ page, signed: { t, who } }: { page: ContactPage; signed: SignedIn }) {
  if (!hasRight(who, "suppression.add") && !hasRight(who, "contacts.erase")) return null;
  const standings = page.standings.map(({ list, standing }) => ({ ...list, active: standing === "active" }));
  return (
    <Actions>
      {hasRight(who, "suppression.add") && <WithdrawDialog contact={page.id} lists={standings} t={t} />}
      {hasRight(who, "contacts.erase") && <EraseDialog contact={page.id} address={page.address} t={t} />}
    </Actions>
  );
}

function Stops({ page, signed: { t, format } }: { page: ContactPage; signed: SignedIn }) {
  if (page.suppressions.length === 0) return null;
  return (
    <div className="mb-5">
      <Notice tone="bad" title={t("contacts.stopped")}>
        <ul>
          {page.suppressions.map(({ reason, list, from }) => (
            <li key={reason + list + from.toISOString()}>
              {t(list ? "contacts.stopOfList" : "contacts.stopOfAll", {
                ...{ reason: t(`standings.suppressions.${reason}`), list: list ?? "", at: format.instant(from) },
              })}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
