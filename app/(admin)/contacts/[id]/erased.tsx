import type { ReactNode } from "react";
import type { ErasedContact } from "../../../../lib/consent/erased-contact.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Section, Sheet } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { Register, RegisterRow } from "../../../_ui/register.tsx";
import { TimeText } from "../../../_ui/time-text.tsx";

/** What is left of an erased person: numbers and days. */
export function Erased({ gone, signed, above }: { gone: ErasedContact; signed: SignedIn; above: ReactNode }) {
  const { t, format, who } = signed;
  const opens = hasRight(who, "ledger.see");
  return (
    <>
      <PageHead
        title={t("contacts.erased.title")}
        state={t("contacts.erased.state", { at: format.instant(gone.erasedAt) })}
        above={above}
      />
      <Section title={t("contacts.story")}>
        <Sheet>
          <Register label={t("contacts.story")}>
            {gone.entries.toReversed().map(({ seq, at, kind }) => {
              const what = t(`recordKinds.${kind.replace(".", "_")}`);
              return (
                <RegisterRow
                  key={`${kind}${at.toISOString()}`}
                  {...(seq === null ? {} : { serial: format.entry(seq) })}
                  waiting={t("contacts.waits")}
                  time={<TimeText at={at} />}
                  what={opens && seq !== null ? <Link href={`/register/${seq + 1}`}>{what}</Link> : what}
                  detail={t("contacts.erased.closed")}
                />
              );
            })}
          </Register>
        </Sheet>
      </Section>
    </>
  );
}
