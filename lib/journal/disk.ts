/** The three calls of the file system that a journal makes; a test gives ones that fail. */
export type Disk = {
  /** Writes at the end of the file; answers with how many bytes it took. */
  write(file: number, bytes: Buffer): Promise<number>;
  sync(file: number): Promise<void>;
  close(file: number): Promise<void>;
};

/** How an append failed. Clean: surely not one byte reached the file, so that another line may follow. */
export type AppendFailure = { code: string; clean: boolean };

/** Errors by which write(2) refuses the whole of a piece. After any other (EIO) nobody knows what the file holds. */
const REFUSALS = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Appends all bytes and waits until they are on the disk. After a failed fsync pages may be lost and marked clean: it is never tried again. */
export async function appendDurably(disk: Disk, file: number, bytes: Buffer): Promise<AppendFailure | undefined> {
  let written = 0;
  try {
    while (written < bytes.length) {
      const taken = await disk.write(file, bytes.subarray(written));
      if (taken === 0) return { code: "ENOSPC", clean: written === 0 };
      written += taken;
    }
  } catch (error) {
    const code = codeOf(error);
    return { code, clean: written === 0 && REFUSALS.has(code) };
  }
  try {
    await disk.sync(file);
    return undefined;
  } catch (error) {
    return { code: codeOf(error), clean: false };
  }
}

const codeOf = (error: unknown) => String((error as { code?: unknown }).code ?? "unknown");
