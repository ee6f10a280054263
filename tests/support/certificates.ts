import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Certificate = { key: Buffer; cert: Buffer };

/** A certificate authority of a test's own, and what it signs; gone with the test. `file`: what a process must trust (NODE_EXTRA_CA_CERTS). */
export function authority(t: { after(work: () => unknown): void }) {
  const folder = mkdtempSync(join(tmpdir(), "ca-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (args: string) => execFileSync("openssl", args.split(" "), { cwd: folder, stdio: "ignore" });
  const made = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  openssl(`req -x509 ${made} -days 2 -subj /CN=authority -keyout ca.key -out ca.pem`);
  let n = 0;
  return {
    file: join(folder, "ca.pem"),
    /** @param name `IP:127.0.0.1`, `DNS:mail.example` · @param days below 0: it has expired */
    sign(name: string, days = 2): Certificate {
      const file = `leaf-${n++}`;
      openssl(`req -new ${made} -subj /CN=sink -addext subjectAltName=${name} -keyout ${file}.key -out ${file}.csr`);
      openssl(
        `x509 -req -in ${file}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -days ${days} -out ${file}.pem`,
      );
      return { key: readFileSync(join(folder, `${file}.key`)), cert: readFileSync(join(folder, `${file}.pem`)) };
    },
  };
}
