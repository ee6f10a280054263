import { Worker } from "node:worker_threads";
import { SHA256_INFO, type SigningKey } from "../servers/dkim-sign.ts";

/**
 * Runs in a thread of its own, as text: the worker is one built file, and what is two lines of arithmetic needs no second one. Digests of 32 bytes come in one buffer,
 * signatures of one length go back in one buffer; neither is copied.
 */
const THREAD = `
const { parentPort } = require("node:worker_threads");
const crypto = require("node:crypto");
const info = Buffer.from("${SHA256_INFO}", "hex");
const padding = crypto.constants.RSA_PKCS1_PADDING;
const keys = new Map();
parentPort.on("message", ({ id, key, algorithm, der, digests }) => {
  try {
    if (der) keys.set(key, crypto.createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" }));
    const secret = keys.get(key);
    const one = (digest) =>
      algorithm === "rsa" ? crypto.privateEncrypt({ key: secret, padding }, Buffer.concat([info, digest])) : crypto.sign(null, digest, secret);
    const all = [];
    for (let i = 0; i < digests.length; i += 32) all.push(one(digests.subarray(i, i + 32)));
    const signatures = new Uint8Array(Buffer.concat(all));
    parentPort.postMessage({ id, signatures }, [signatures.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, failed: error.code || error.name });
  }
});`;

type Waiting = { n: number; resolve: (signatures: Buffer[]) => void; reject: (error: Error) => void };
type Reply = { id: number; signatures?: Uint8Array; failed?: string };

/**
 * Signs digests beside the main thread, whose time is for mail: RSA-2048 costs a quarter of a millisecond, passing a batch of fifty on 1 % of that.
 * Begins with the first signature, begins again should the thread end; holds no process open.
 */
export class Signer {
  private thread: Worker | undefined;
  private known = new Set<string>();
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  /** @throws when the key is none, or the thread ended: nothing was signed */
  sign(key: SigningKey, digests: Buffer[]): Promise<Buffer[]> {
    return new Promise((resolve, reject) => {
      const thread = this.open();
      const id = this.next++;
      this.waiting.set(id, { n: digests.length, resolve, reject });
      const all = new Uint8Array(Buffer.concat(digests));
      const der = this.known.has(key.id) ? undefined : new Uint8Array(key.private);
      this.known.add(key.id);
      thread.postMessage({ id, key: key.id, algorithm: key.algorithm, der, digests: all }, [all.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private open(): Worker {
    if (this.thread) return this.thread;
    const thread = new Worker(THREAD, { eval: true, name: "dkim" });
    thread.unref();
    thread.on("message", (reply: Reply) => this.answer(reply));
    thread.on("error", () => undefined); // its exit says the same
    thread.on("exit", () => this.ended(thread));
    this.thread = thread;
    return thread;
  }

  private answer({ id, signatures, failed }: Reply): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    if (!one) return;
    if (!signatures) {
      one.reject(new Error(`not signed: ${failed}`));
      return;
    }
    const all = Buffer.from(signatures.buffer);
    const length = all.length / one.n;
    one.resolve(Array.from({ length: one.n }, (_, i) => all.subarray(i * length, (i + 1) * length)));
  }

  private ended(thread: Worker): void {
    if (this.thread !== thread) return;
    this.thread = undefined;
    this.known = new Set();
    for (const one of this.waiting.values()) one.reject(new Error("not signed: the thread ended"));
    this.waiting.clear();
  }
}
