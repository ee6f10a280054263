/** First stop of the Tab key: past the rail, to what the screen is about. */
export function SkipLink({ label, to = "main" }: { label: string; to?: string }) {
  return (
    <a
      href={`#${to}`}
      className="sheet absolute top-2 left-2 z-10 -translate-y-20 px-4 py-2 font-semibold text-accent focus:translate-y-0"
    >
      {label}
    </a>
  );
}
