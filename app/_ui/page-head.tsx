import type { ReactNode } from "react";

type Props = {
  /** The thing's own name. */
  title: ReactNode;
  /** One sentence: its state, date and number. */
  state?: ReactNode;
  /** Buttons; at most one of them primary. On phones below the title. */
  actions?: ReactNode;
  /** Breadcrumb above the title. */
  above?: ReactNode;
  /** StatusLine: what has just been done. */
  status?: ReactNode;
};

/** The head of a screen: name, state in a sentence, what can be done. */
export function PageHead({ title, state, actions, above, status }: Props) {
  return (
    <header className="mb-5">
      {above}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-[1_1_24rem]">
          <h1 className="text-title font-semibold tracking-[-0.01em] text-balance [overflow-wrap:anywhere]">{title}</h1>
          {state && <p className="mt-1 max-w-text text-ink-2">{state}</p>}
        </div>
        {actions && <Actions className="print:hidden">{actions}</Actions>}
      </div>
      {status}
    </header>
  );
}

/** Buttons in a row; they wrap, and take the width of a phone. */
export function Actions({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <div
      className={`flex flex-wrap items-center gap-2 max-sm:w-full max-sm:*:flex-auto max-sm:[&>form>button]:w-full ${className}`}
    >
      {children}
    </div>
  );
}
