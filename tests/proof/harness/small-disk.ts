import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Puts a disk of so many megabytes over a folder. @returns what takes it away again */
export function mountSmall(folder: string, megabytes: number): () => void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  return () => void execFileSync("umount", ["-l", folder]);
}

/** Why this machine has no small disks, if it has none. */
export function noSmallDisks(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can mount a small disk";
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  try {
    mountSmall(folder, 1)();
    return undefined;
  } catch {
    return "this machine mounts nothing";
  } finally {
    rmdirSync(folder);
  }
}

/** Takes every byte that is left on the disk of a folder. @returns what gives them back */
export function fill(folder: string): () => void {
  const path = join(folder, "full");
  const file = openSync(path, "w");
  for (let piece = 1 << 20; piece > 0; ) {
    try {
      writeSync(file, Buffer.alloc(piece));
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOSPC") throw error;
      piece >>= 1;
    }
  }
  closeSync(file);
  return () => rmSync(path);
}
