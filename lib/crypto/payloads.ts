import { uuidBytes, uuidText } from "./uuid.ts";

const NIL = Buffer.alloc(16);

/** A leave link's payload: `list` null means everything of the organization; `key` is the suppression key of the token's own kid. */
export type Leave = { organization: string; list: string | null; contact: string; key: Buffer };

export function leavePayload(o: Leave): Buffer {
  if (o.key.length !== 16) throw new Error("a suppression key has 16 bytes");
  return Buffer.concat([
    uuidBytes(o.organization),
    o.list === null ? NIL : uuidBytes(o.list),
    uuidBytes(o.contact),
    o.key,
  ]);
}

/** Reads the payload of a leave link whose MAC was right (64 bytes). */
export function readLeave(payload: Buffer): Leave {
  const list = payload.subarray(16, 32);
  return {
    organization: uuidText(payload.subarray(0, 16)),
    list: list.equals(NIL) ? null : uuidText(list),
    contact: uuidText(payload.subarray(32, 48)),
    key: Buffer.from(payload.subarray(48, 64)),
  };
}

export type MyData = { organization: string; contact: string; issuedAt: Date };

/** A my-data link's payload: the instant of issue is kept in whole minutes. */
export function myDataPayload(o: MyData): Buffer {
  const minutes = Buffer.alloc(4);
  minutes.writeUInt32BE(Math.floor(o.issuedAt.getTime() / 60_000));
  return Buffer.concat([uuidBytes(o.organization), uuidBytes(o.contact), minutes]);
}

/** Reads the payload of a my-data link whose MAC was right (36 bytes). */
export function readMyData(payload: Buffer): MyData {
  return {
    organization: uuidText(payload.subarray(0, 16)),
    contact: uuidText(payload.subarray(16, 32)),
    issuedAt: new Date(payload.readUInt32BE(32) * 60_000),
  };
}

export type View = { campaign: string; contact: string };

/** The payload of the link to a mail in the browser. */
export function viewPayload(o: View): Buffer {
  return Buffer.concat([uuidBytes(o.campaign), uuidBytes(o.contact)]);
}

/** Reads the payload of a view link whose MAC was right (32 bytes). */
export function readView(payload: Buffer): View {
  return { campaign: uuidText(payload.subarray(0, 16)), contact: uuidText(payload.subarray(16, 32)) };
}
