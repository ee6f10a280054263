import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { z } from "zod";
import type { ComposeSystem } from "./system-types.ts";

/** A payload that says everything itself: what staff get, and tests. */
const Plain = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
});

/** Composes a payload of subject, text and html into a message from the server's sender. @throws ZodError when it is none */
export const composePlain: ComposeSystem = async (_, { mail, server, messageId }) => {
  const { to, subject, text, html, headers } = Plain.parse(mail.payload);
  const composer = new MailComposer({
    from: { name: server.fromName, address: server.fromAddress },
    to: { name: "", address: to },
    ...{ subject, text, headers: { "Auto-Submitted": "auto-generated", ...headers } },
    ...(html ? { html } : {}),
    date: mail.createdAt,
    messageId,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await new Promise<Buffer>((resolve, reject) =>
    composer.compile().build((error, built) => (error ? reject(error) : resolve(built as Buffer))),
  );
  return { to, raw };
};
