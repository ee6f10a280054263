import { borrowersOf } from "../../../../lib/servers/list-loans.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Note, Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";

/** To whom this server is lent, and how much of today each has used. */
export async function Borrowers({ signed: { s, who, t, format }, server }: { signed: SignedIn; server: string }) {
  const borrowers = await borrowersOf(s, { who, server });
  if (borrowers.length === 0) return null;
  return (
    <Section title={t("serverScreens.lent.to")}>
      <Sheet>
        <Facts>
          {borrowers.map(({ name, perDay, used, liveAt }) => (
            <Fact key={name} term={name}>
              {liveAt
                ? t("serverScreens.lent.today", { used: format.number(used), most: format.number(perDay) })
                : t("serverScreens.lent.notLive")}
            </Fact>
          ))}
        </Facts>
        <SheetPart>
          <Note>{t("serverScreens.lent.toAbout")}</Note>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
