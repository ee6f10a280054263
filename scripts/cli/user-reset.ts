import { readConfig } from "../../lib/config.ts";
import { NotFound } from "../../lib/errors.ts";
import { addressKey } from "../../lib/text/address.ts";
import { createResetLink } from "../../lib/users/reset-password.ts";
import { NotDone, WrongUse } from "./failure.ts";
import type { Answer, Options } from "./main.ts";
import { begin, withLinks } from "./setup-link.ts";

/** `assenso user reset --email …`: a link for a new password, for who gets no mail. It works once, for 10 minutes. */
export async function userReset(options: Options): Promise<Answer> {
  const email = options.email && addressKey(options.email);
  if (!email) throw new WrongUse("user reset needs the address that the person signs in with: --email name@example.it");
  const config = readConfig();
  const keys = await begin(config);
  const link = await withLinks(config, keys, (s) => createResetLink(s, { email })).catch((error: unknown) => {
    if (error instanceof NotFound)
      throw new NotDone(`Nobody signs in with ${options.email}, or the account is disabled.`);
    throw error;
  });
  return { lines: [link, "It works once, for 10 minutes."], data: { link, minutes: 10 } };
}
