import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Icon } from "../../../_ui/icon.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { ExpiryTag } from "../expiry-tag.tsx";

/** Until when the service is paid for, what can be done about it, and the day for one's own calendar. */
export function Expiry({ signed: { t, format }, server }: { signed: SignedIn; server: ServerView }) {
  if (!server.expiresOn || server.daysLeft === null) return null;
  const day = format.calendarLong(server.expiresOn);
  const gone = server.daysLeft < 0;
  return (
    <Section title={t("serverScreens.form.expiresOn")}>
      <Sheet>
        <SheetPart className="text-table">
          <ExpiryTag {...{ t, server }} />
          <p>{t(gone ? "serverScreens.expiry.ended" : "serverScreens.expiry.ends", { day })}</p>
          <p className="flex flex-wrap gap-x-5 gap-y-1">
            {server.renewUrl && (
              <a
                className="link inline-flex items-center gap-1"
                href={server.renewUrl}
                target="_blank"
                rel="noreferrer"
              >
                {t("serverScreens.expiry.renew")}
                <Icon name="external-link" size={14} />
              </a>
            )}
            <a className="link inline-flex items-center gap-1" href={`/servers/${server.id}/expiry`}>
              {t("serverScreens.expiry.calendar")}
              <Icon name="download" size={14} />
            </a>
          </p>
        </SheetPart>
      </Sheet>
    </Section>
  );
}
