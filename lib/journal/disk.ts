/** The calls of the file system that a journal makes; a test gives ones that fail. */
export type Disk = {
  /** Writes at the end of the file; answers with how many bytes it took. */
  write(file: number, bytes: Buffer): Promise<number>;
  sync(file: number): Promise<void>;
  /** Cuts the file to so many bytes. */
  truncate(file: number, length: number): Promise<void>;
  close(file: number): Promise<void>;
};

/** How an append failed. Clean: surely not one byte reached the file, so that another line may follow. */
export type AppendFailure = { code: string; clean: boolean };

/** Errors by which write(2) refuses the whole of a piece. After any other (EIO) nobody knows what the file holds. */
const REFUSALS = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Appends all bytes behind the first `length`, which is all that the file holds, and waits until they are on the disk. What a full disk took of them is cut off
 * again, durably: a disk is seldom full between two lines. After a failed fsync pages may be lost and marked clean: it is never tried again.
 */
export async function appendDurably(
  disk: Disk,
  file: number,
  length: number,
  bytes: Buffer,
): Promise<AppendFailure | undefined> {
  let written = 0;
  try {
    while (written < bytes.length) {
      const taken = await disk.write(file, bytes.subarray(written));
      if (taken === 0) return { code: "ENOSPC", clean: written === 0 || (await takenBack(disk, file, length)) };
      written += taken;
    }
  } catch (error) {
    const code = codeOf(error);
    return { code, clean: REFUSALS.has(code) && (written === 0 || (await takenBack(disk, file, length))) };
  }
  try {
    await disk.sync(file);
    return undefined;
  } catch (error) {
    return { code: codeOf(error), clean: false };
  }
}

async function takenBack(disk: Disk, file: number, length: number): Promise<boolean> {
  try {
    await disk.truncate(file, length);
    await disk.sync(file);
    return true;
  } catch {
    return false;
  }
}

const codeOf = (error: unknown) => String((error as { code?: unknown }).code ?? "unknown");
