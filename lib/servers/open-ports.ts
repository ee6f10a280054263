import { connect } from "node:net";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { checkTarget, SMTP_PORTS, type Target } from "./target.ts";

const MOST_MS = 3000;

/**
 * Which of the other ports of mail answer at a host, where the chosen one does not. Only ports that a server may have, each checked as a server's would be:
 * no way to look at other services (B89).
 */
export async function openPorts(
  s: Services,
  o: { host: string; port: number; ports?: readonly number[] },
): Promise<number[]> {
  const others = (o.ports ?? SMTP_PORTS).filter((port) => port !== o.port);
  const answers = await Promise.all(
    others.map(async (port) => {
      try {
        return await answersAt(await checkTarget(s, { host: o.host, port }));
      } catch (error) {
        if (error instanceof DomainError) return false;
        throw error;
      }
    }),
  );
  return others.filter((_, i) => answers[i]);
}

function answersAt(target: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port, timeout: MOST_MS });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => done(true));
    socket.once("timeout", () => done(false));
    socket.once("error", () => done(false));
  });
}
