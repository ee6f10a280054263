import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon-names.ts";

type NoticeTone = "info" | "ok" | "warn" | "bad";

const LOOKS: Record<NoticeTone, { icon: IconName; colours: string }> = {
  info: { icon: "info-circle", colours: "border-accent bg-info-bg text-accent" },
  ok: { icon: "circle-check", colours: "border-ok bg-ok-bg text-ok" },
  warn: { icon: "alert-triangle", colours: "border-warn bg-warn-bg text-warn" },
  bad: { icon: "circle-x", colours: "border-bad bg-bad-bg text-bad" },
};

type Props = {
  tone?: NoticeTone;
  title?: ReactNode;
  children?: ReactNode;
  /** The way out: one link or button. */
  action?: ReactNode;
  /** Said aloud when it appears (role=status), not where it stands from the beginning. */
  live?: boolean;
};

/** A sentence that needs to be seen: what, why, what to do. */
export function Notice({ tone = "info", title, children, action, live = false }: Props) {
  const { icon, colours } = LOOKS[tone];
  return (
    <div {...(live ? { role: "status" } : {})} className={`rounded-sheet border-l-[3px] px-4 py-3 ${colours}`}>
      <div className="flex gap-2.5">
        <span className="mt-0.5">
          <Icon name={icon} />
        </span>
        <div className="min-w-0 flex-1 text-table [overflow-wrap:anywhere]">
          {title && <p className="font-semibold">{title}</p>}
          {children && <div className="max-w-text space-y-1 text-ink">{children}</div>}
          {action && <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
        </div>
      </div>
    </div>
  );
}

/** What has just been done, under the title of the screen; `action` takes it back. Empty: nothing is shown, the place is kept for readers. */
export function StatusLine({ children, action }: { children?: ReactNode; action?: ReactNode }) {
  return (
    <div role="status" className="empty:hidden">
      {children && (
        <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 border-l-[3px] border-ok bg-ok-bg px-3 py-2 text-table text-ok">
          <span className="flex min-w-0 items-start gap-2">
            <span className="mt-px">
              <Icon name="check" size={16} />
            </span>
            <span className="min-w-0">{children}</span>
          </span>
          {action}
        </p>
      )}
    </div>
  );
}
