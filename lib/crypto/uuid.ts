type Random = (n: number) => Buffer;

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a uuid as we write it: lower case with hyphens, any version. */
export const isUuid = (text: string): boolean => text.length === 36 && FORM.test(text);

/** The 16 bytes of a uuid, as they stand inside a token. Throws for any other spelling than ours. */
export function uuidBytes(id: string): Buffer {
  if (!isUuid(id)) throw new Error("a uuid has 32 lower-case hexadecimal digits with hyphens");
  return Buffer.from(id.replaceAll("-", ""), "hex");
}

/** The text of a uuid's 16 bytes. */
export function uuidText(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new Error("a uuid has 16 bytes");
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A uuid version 7 (RFC 9562 §5.7) of this instant: 48 bits of milliseconds, 74 random bits. */
export function uuidv7(now: Date, randomBytes: Random): string {
  return layOut(now.getTime(), randomBytes(10));
}

/**
 * A source of uuids version 7 that rise strictly within the process, also many in one millisecond and over a clock that steps back
 * (RFC 9562 §6.2, method 1: the 12 bits after the time count on from a random start).
 */
export function uuidSource(o: { now: () => Date; randomBytes: Random }): () => string {
  let ms = -1;
  let count = 0;
  return () => {
    const random = o.randomBytes(10);
    const now = o.now().getTime();
    if (now > ms) {
      ms = now;
      count = random.readUInt16BE(0) & 0x7ff; // the upper half stays free to count in
    } else if (++count > 0xfff) {
      ms++;
      count = 0;
    }
    random.writeUInt16BE(count, 0);
    return layOut(ms, random);
  };
}

function layOut(ms: number, random: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(ms, 0, 6);
  random.copy(bytes, 6, 0, 10);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}
