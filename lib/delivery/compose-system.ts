import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { confirmations } from "../../db/schema/consent.ts";
import { formVersions, lists, notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { privacyUrl } from "../campaigns/compile.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { type SystemMailParts, systemMail } from "../templates/system-mail.ts";
import { systemMessage } from "../templates/system-message.ts";
import type { ComposeSystem, SystemMail } from "./system-types.ts";

const locale = z.enum(["it", "en"]).default("it");
const Confirmation = z.object({
  locale,
  tone: z.enum(["tu", "lei"]),
  facts: z.object({
    ...{
      at: z.string(),
      expiresAt: z.string(),
      page: z.string().nullable(),
      confirmLink: z.string(),
      refuseLink: z.string(),
    },
    words: z.array(z.object({ text: z.string(), version: z.number() })),
  }),
});
const zone = z.string().optional();
const Invitation = z.object({
  locale,
  facts: z.object({ organization: z.string(), inviter: z.string(), link: z.string(), expiresAt: z.string(), zone }),
});
const Reset = z.object({ locale, facts: z.object({ link: z.string(), minutes: z.number(), zone }) });
const Alert = z.object({
  locale,
  facts: z.object({ organization: z.string(), title: z.string(), text: z.string(), link: z.string().optional(), zone }),
});
/** A payload that says everything itself. */
const Plain = z.object({ locale, subject: z.string(), text: z.string(), html: z.string().optional() });

/**
 * Makes a message of an outbox row: the words of `lib/templates`, from the server's sender, with the row's Message-ID and date, so that each copy is the same.
 * @throws ZodError or NotFound for a payload that is not understood
 */
export const composeSystemMail: ComposeSystem = async (s, { mail, server, messageId }) => {
  const to = z.string().parse(mail.payload.to);
  const { subject, text, html } = await parts(s, mail, server.zone);
  const from = { name: server.fromName, address: server.fromAddress };
  const { raw } = systemMessage({
    to,
    from,
    subject,
    text,
    messageId,
    date: mail.createdAt.toISOString(),
    ...(html ? { html } : {}),
  });
  return { to, raw };
};

async function parts(
  s: Services,
  mail: SystemMail,
  zone: string,
): Promise<Omit<SystemMailParts, "html"> & { html?: string | undefined }> {
  if (mail.kind === "confirmation") return confirmation(s, mail);
  const plain = Plain.safeParse(mail.payload);
  if (plain.success) {
    const { subject, text, html } = plain.data;
    return mail.kind === "campaign_test" && html
      ? systemMail("campaign_test", { ...plain.data, html })
      : { subject, text, html };
  }
  if (mail.kind === "invitation") {
    const { locale, facts } = Invitation.parse(mail.payload);
    return systemMail("invitation", { ...facts, locale, zone: facts.zone ?? zone });
  }
  if (mail.kind === "reset") {
    const { locale, facts } = Reset.parse(mail.payload);
    return systemMail("reset", { ...facts, locale, zone: facts.zone ?? zone });
  }
  const { locale, facts } = Alert.parse(mail.payload);
  const { link, ...rest } = facts;
  return systemMail("alert", { ...rest, locale, zone: facts.zone ?? zone, ...(link ? { link } : {}) });
}

/** The published words of the form that was shown, filled with the request's facts: what is sent is what its hash says (DO-02). */
async function confirmation(s: Services, mail: SystemMail): Promise<SystemMailParts> {
  const { locale, tone, facts } = Confirmation.parse(mail.payload);
  const [row] = await s.db
    .select({ list: lists, organization: organizations, notices: formVersions.notices })
    .from(confirmations)
    .innerJoin(lists, eq(lists.id, confirmations.list))
    .innerJoin(organizations, eq(organizations.id, confirmations.organization))
    .innerJoin(
      formVersions,
      and(eq(formVersions.form, confirmations.form), eq(formVersions.version, confirmations.formVersion)),
    )
    .where(eq(confirmations.id, mail.confirmation ?? mail.id));
  if (!row) throw new NotFound("confirmation");
  const shown = await s.db
    .select({ body: notices.body })
    .from(notices)
    .where(and(inArray(notices.id, row.notices), eq(notices.kind, "confirmation_mail")));
  return systemMail("confirmation", {
    ...{ locale, tone, facts, list: row.list, zone: row.organization.timeZone },
    organization: { ...row.organization, privacyUrl: privacyUrl(s, row.organization) },
    ...(shown[0] ? { template: shown[0].body } : {}),
  });
}
