import { openNotices } from "../../lib/users/staff-notices.ts";
import type { SignedIn } from "../_server/session.ts";
import { ActionForm } from "../_ui/action-form.tsx";
import { Section, Sheet, SheetPart } from "../_ui/layout.tsx";
import { Link } from "../_ui/link.tsx";
import { SubmitButton } from "../_ui/submit-button.tsx";
import { TimeText } from "../_ui/time-text.tsx";
import { readNotice } from "./notice-actions.ts";

/** What happened while nobody looked, newest first; nothing is shown when there is nothing. */
export async function StaffNotices({ signed: { s, who, t } }: { signed: SignedIn }) {
  const notices = await openNotices(s, { who });
  if (notices.length === 0) return null;
  return (
    <Section title={t("overview.notices")}>
      <Sheet>
        {notices.map(({ id, kind, facts, path, at }) => (
          <SheetPart key={id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 space-y-0">
            <div className="min-w-0 max-w-text flex-[1_1_16rem] text-table">
              <Link href={path}>{t(`mail.notices.${kind}.title`, facts)}</Link>
              <p>{t(`mail.notices.${kind}.text`, facts)}</p>
              <p className="text-note text-ink-2">
                <TimeText at={at} />
              </p>
            </div>
            <ActionForm action={readNotice} quiet label={t(`mail.notices.${kind}.title`, facts)}>
              <input type="hidden" name="notice" value={id} />
              <SubmitButton look="plain">{t("overview.noticeDone")}</SubmitButton>
            </ActionForm>
          </SheetPart>
        ))}
      </Sheet>
    </Section>
  );
}
