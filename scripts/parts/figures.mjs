/** @typedef {import("../../bench/figure.ts").Figure} Figure */

/** `name · ours · reference · ratio · goal · ok or short`: one figure on one line. */
export function lineOf(/** @type {Figure} */ figure) {
  const { name, ours, reference, goal, better } = figure;
  const times = ratio(figure);
  return [
    name,
    number(ours),
    reference ? `${number(reference.value)} (${reference.name})` : "none",
    times === undefined ? "none" : `${times.toFixed(2)} times`,
    "times" in goal ? `${goal.times} times` : `${better === "more" ? "≥" : "≤"} ${number(goal.value)}`,
    isReached(figure) ? "ok" : "short",
  ].join(" · ");
}

export function isReached(/** @type {Figure} */ figure) {
  const { ours, goal, better } = figure;
  if ("times" in goal) return (ratio(figure) ?? 0) >= goal.times;
  return better === "more" ? ours >= goal.value : ours <= goal.value;
}

/** How many times better than the reference. */
function ratio(/** @type {Figure} */ { ours, reference, better }) {
  if (!reference) return undefined;
  return better === "more" ? ours / reference.value : reference.value / ours;
}

function number(/** @type {number} */ n) {
  return new Intl.NumberFormat(
    "en-GB",
    n >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  ).format(n);
}
