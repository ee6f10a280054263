import { readdirSync, readFileSync } from "node:fs";

/** Ticks a second of /proc (USER_HZ), 100 on every Linux that we know. */
const HZ = 100;

/** CPU seconds that a process and its children, living and waited for, have used; 0 where there is no /proc. */
export function cpuOf(pid: number): number {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const name of list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = read(`/proc/${name}/stat`)
      .replace(/^.*\) /, "")
      .split(" ");
    if (fields.length < 15) continue;
    parents.set(Number(name), Number(fields[1]));
    ticks.set(
      Number(name),
      [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0),
    );
  }
  const isOurs = (one: number): boolean => one === pid || (parents.has(one) && isOurs(parents.get(one) ?? 0));
  const ours = [...ticks].filter(([one]) => one > 1 && isOurs(one));
  return ours.reduce((sum, [, used]) => sum + used, 0) / HZ;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
