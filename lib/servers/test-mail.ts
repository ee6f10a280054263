import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { createTranslator } from "use-intl/core";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };
import type { Server } from "./types.ts";

/** The mail of a test: a sentence in the caller's language, from the server's sender. */
export async function testMail(o: {
  server: Server;
  to: string;
  locale: "it" | "en";
  id: string;
  at: Date;
}): Promise<Buffer> {
  const messages = (o.locale === "it" ? it : en) as { servers: { testMail: { subject: string; body: string } } };
  const t = createTranslator({ locale: o.locale, messages, namespace: "servers.testMail", timeZone: o.server.zone });
  const domain = o.server.fromAddress.slice(o.server.fromAddress.lastIndexOf("@") + 1);
  const composer = new MailComposer({
    from: { name: o.server.fromName, address: o.server.fromAddress },
    to: o.to,
    subject: t("subject", { name: o.server.name }),
    text: t("body", { name: o.server.name, host: o.server.host }),
    date: o.at,
    messageId: `<t.${o.id}@${domain}>`,
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Promise((resolve, reject) =>
    composer.compile().build((error, raw) => (error ? reject(error) : resolve(raw as Buffer))),
  );
}
