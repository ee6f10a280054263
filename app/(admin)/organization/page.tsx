import type { Metadata } from "next";
import { findOrganization, type Organization } from "../../../lib/organizations/find.ts";
import { hasRight } from "../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Fact, Facts } from "../../_ui/facts.tsx";
import { IdentityFields, IdentityPreview } from "../../_ui/identity-fields.tsx";
import { Columns, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { Link } from "../../_ui/link.tsx";
import { Mirror } from "../../_ui/mirror.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { save } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("organization.title") };
}

/** Who writes, as readers see it; changed by the owner, seen by all. */
export default async function OrganizationPage() {
  const me = await signedIn("organization.see");
  const { s, who, t } = me;
  const organization = await found(findOrganization(s, { who }));
  const head = (
    <PageHead
      title={organization.legalName}
      state={t(organization.liveAt ? "organization.live" : "organization.sandbox", {
        since: me.format.date(organization.liveAt ?? organization.createdAt),
      })}
    />
  );
  if (!hasRight(who, "organization.write")) {
    return (
      <>
        {head}
        <Shown of={organization} me={me} />
      </>
    );
  }
  const { legalName, address, taxId, privacyEmail, consentMonths, locale, tone } = organization;
  const typed = { legalName, address, taxId, privacyEmail, consentMonths: String(consentMonths), locale, tone };
  return (
    <>
      {head}
      <Mirror initial={typed}>
        <Columns
          aside={
            <>
              <IdentityPreview />
              <p className="mt-2 max-w-text text-note text-ink-2">
                {t("organization.published")} <Link href="/notices">{t("nav.notices")}</Link>
              </p>
            </>
          }
        >
          <Sheet>
            <SheetPart>
              <ActionForm action={save} id="identity">
                <IdentityFields of={organization} noticeUrl={noticeUrl(me)} />
                <SubmitButton>{t("organization.save")}</SubmitButton>
              </ActionForm>
            </SheetPart>
          </Sheet>
        </Columns>
      </Mirror>
    </>
  );
}

const noticeUrl = ({ s, organization }: SignedIn) => `${s.config.PUBLIC_URL}/p/${organization.slug}/privacy`;

function Shown({ of, me }: { of: Organization; me: SignedIn }) {
  const { t } = me;
  const rows = [
    ["address", of.address],
    ["taxId", of.taxId],
    ["privacyEmail", of.privacyEmail],
    ["consentMonths", `${me.format.number(of.consentMonths)} ${t("identity.consentMonths.unit")}`],
    ["dpo", of.dpo],
    ["processors", of.processors.map(({ name, country }) => `${name} (${country})`).join(", ")],
    ["privacyUrl", of.privacyUrl ?? noticeUrl(me)],
    ["website", of.website],
    ["locale", t(`identity.locales.${of.locale}`)],
    ["tone", of.tone],
    ["timeZone", of.timeZone],
  ] as const;
  return (
    <Sheet>
      <Facts>
        {rows.map(([name, value]) => (
          <Fact key={name} term={t(`identity.${name}.label`)}>
            {value || <span className="text-ink-3">{t("organization.none")}</span>}
          </Fact>
        ))}
      </Facts>
    </Sheet>
  );
}
