import { type IconName, SPRITE } from "./icon-names.ts";

/** An icon beside a word (18 px), silent for screen readers; `label` where it stands alone (search, close, copy, more, external). */
export function Icon({ name, label, size = 18 }: { name: IconName; label?: string; size?: 14 | 16 | 18 | 22 }) {
  const shape = {
    width: size,
    height: size,
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    strokeWidth: 1.75,
  };
  const ends = { strokeLinecap: "round", strokeLinejoin: "round", className: "inline-block shrink-0" } as const;
  const use = <use href={`${SPRITE}#${name}`} />;
  if (!label) {
    return (
      <svg {...shape} {...ends} aria-hidden="true">
        {use}
      </svg>
    );
  }
  return (
    <svg {...shape} {...ends} role="img" aria-label={label}>
      {use}
    </svg>
  );
}
