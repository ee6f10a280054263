/** What a refusal is about. `refused`: nothing that a rule knows; only a person can find out. */
export type AnswerClass =
  | "address_dead"
  | "mailbox_full"
  | "temporary"
  | "greylisted"
  | "policy"
  | "reputation"
  | "authentication"
  | "size"
  | "throttled"
  | "sender"
  | "refused";

export type AnswerRule = {
  class: AnswerClass;
  /** Class, subject and detail of the enhanced status code (RFC 3463), "5.7.1". */
  code?: RegExp;
  /** The reply in one line, without its code. */
  text?: RegExp;
  /** It concerns this recipient alone: neither her domain nor the server stops for it. */
  alone?: true;
  /** Where it is said what such an answer means. */
  source: string;
};

const GMAIL = "support.google.com/a/answer/3726730";
const MICROSOFT =
  "learn.microsoft.com/en-us/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online";
const YAHOO = "senders.yahooinc.com/smtp-error-codes/";
const GMX = "postmaster.gmx.net/en/error-messages";
const WEB_DE = "postmaster.web.de/de/fehlermeldungen";
const LIBERO = "aiuto.libero.it/articolo/mail/messaggi-di-errore-piu-frequenti-dopo-invio-email";
const ARUBA = "guide.hosting.aruba.it/email/risoluzione-errori-comuni-e-consigli/risoluzione-errori-comuni.aspx";
const ARUBA_BUSINESS =
  "guide.arubabusiness.it/email/configurazioni-email-arubabusiness/errori-comuni-invio-ricezione-posta";
const ARUBA_PEC =
  "guide.pec.it/posta-pec/faq-errori-comuni/errori-comuni/errori-comuni-durante-invio-ricezione-pec.aspx";
const SECUREMAIL = "netfabric.freshdesk.com/support/solutions/articles/6000236440-problemi-invio-posta-italiano-";
const POSTFIX = "postfix.org/postconf.5.html";
const EXIM = "exim.org/exim-html-current/doc/html/spec_html/ch-access_control_lists.html";
const APPLE = "support.apple.com/en-us/HT204137";
const PLESK = "plesk.com/?p=214013";
const CPANEL = "forums.cpanel.net/threads/email-quota.697029/";
const RFC = (n: number, section: string) => `RFC ${n} ${section}`;

/**
 * The rules, the first that fits decides. Words beat codes where providers put a full mailbox under 5.1.1 or an unknown user under 5.7.1; codes decide what no
 * word explains. A rule reads words of people, so it is short, without repetition inside repetition, and only the first 1,000 characters are read.
 */
export const ANSWER_RULES: AnswerRule[] = [
  // A full mailbox empties again: never dead, whatever its code.
  { class: "mailbox_full", code: /^[45]\.2\.2$/, source: RFC(3463, "§3.3: a persistent transient condition") },
  {
    class: "mailbox_full",
    text: /\b(mailbox|inbox|casella|account|user|utente)\b.{0,40}\b(full|piena|over ?quota|out of storage|exceeded (its |the |their )?(storage )?quota)\b/i,
    source: LIBERO,
  },
  {
    class: "mailbox_full",
    text: /\bover ?quota\b|\bquota (exceeded|superata|esaurita)|exceeded storage (allocation|limit)|insufficient (system|mailbox) storage|casella piena|too much mail data/i,
    source: ARUBA,
  },
  // Too fast for one person, or too much for what our own provider allows.
  {
    class: "throttled",
    alone: true,
    text: /\buser\b.{0,40}\bis receiving mail (too quickly|at a rate)|recipient thread limit|user is receiving/i,
    source: GMAIL,
  },
  { class: "throttled", text: /max rcpt to daily limit/i, source: SECUREMAIL },
  { class: "throttled", text: /\bpolicy violation\b(?!s)/i, code: /^[45]\.[05]\.\d+$|^$/, source: ARUBA_BUSINESS },
  { class: "throttled", text: /exceeded the max (emails|defers and failures) per hour/i, source: CPANEL },
  {
    class: "throttled",
    text: /\b(rate|sending|daily|hourly|message|messages|frequency|relay|recipient|recipients|connection) (rate )?(limit|quota)(ed|s)?\b.{0,30}\b(exceed|reach|hit)|rate ?limit|(limit|quota) (has been )?(exceeded|reached)|frequency limited|limite (di invio|orario|giornaliero)/i,
    source: GMX,
  },
  {
    class: "throttled",
    text: /too many (connections|messages|recipients|concurrent|sessions|emails|mails)|\btoo (fast|quickly)\b|throttl|slow ?down|concurrent connections|server (too )?busy|max(imum)? messages? per connection/i,
    source: YAHOO,
  },
  { class: "throttled", code: /^[45]\.7\.(28|232|233|234|236|702|703|705|708)$|^4\.4\.5$/, source: MICROSOFT },
  // The message is too large.
  { class: "size", code: /^[45]\.(2\.3|3\.4)$/, source: RFC(3463, "§3.3, §3.4") },
  {
    class: "size",
    text: /(message|mail|size|headers?)\b.{0,30}\b(too (large|big|long)|exceeds?\b.{0,30}\b(size|limit|maximum))|dimension\w* (massim|eccessiv)|troppo grande/i,
    source: RFC(1870, "§6.1, 552"),
  },
  // The sender, whoever the recipient is.
  { class: "sender", code: /^5\.1\.[78]$/, source: RFC(3463, "§3.2") },
  {
    class: "sender",
    text: /sender address rejected|sender (rejected|denied|verify failed|not allowed)|domain of sender address|sender domain (must|does not|not found)|mittente (rifiutato|non (autorizzato|valido))|return path is not valid/i,
    source: POSTFIX,
  },
  {
    class: "sender",
    text: /identities failed the check|(turn on|requires?|must use) smtp auth|authentication (is )?required|must be authenticated/i,
    source: "docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html",
  },
  // SPF, DKIM and DMARC of the message failed for the receiver.
  { class: "authentication", code: /^[45]\.7\.(2[0-4]|26|27|30|509|515)$/, source: `${RFC(7372, "§3")}; ${GMAIL}` },
  {
    class: "authentication",
    text: /\b(spf|dkim|dmarc|domainkeys)\b|unauthenticated (e-?mail|message)|authentication information|not authenticated|owner'?s? policy/i,
    source: GMAIL,
  },
  // Who does not exist. After the sender and the signatures, whose faults are told in like words.
  {
    class: "refused",
    alone: true,
    text: /sconosciuto o non abilitato alla ricezione|posta non certificata/i,
    source: ARUBA_PEC,
  },
  { class: "refused", alone: true, text: /recipient'?s? preferences|badrcptto/i, source: YAHOO },
  {
    class: "refused",
    alone: true,
    code: /^(?!5\.2\.1$)/,
    text: /\b(account|compte|mailbox|user|utente|casella)\b.{0,40}\b(temporar(il)?y|blocked|bloqu[eé]|locked|suspended|frozen|sospes[oa]|bloccat[oa])/i,
    source: RFC(3463, "§3.3: mailbox disabled, not accepting messages"),
  },
  {
    class: "reputation",
    text: /\b(helo|ehlo)\b.{0,40}\b(rejected|invalid|not found|mismatch)|client host rejected|(excessive|too many) (unknown|invalid)/i,
    source: `${POSTFIX}; ${YAHOO}`,
  },
  {
    class: "address_dead",
    code: /^5\.4\.1$/,
    text: /recipient address rejected: access denied/i,
    source: MICROSOFT,
  },
  { class: "address_dead", text: /^ ?<[^>]*>: requested action not taken: mailbox unavailable/i, source: GMX },
  {
    class: "address_dead",
    text: /\b(user|recipient|mailbox|address|account|utente|destinatario|indirizzo|casella)\b.{0,60}(\bunknown\b|\bnot? found\b|(does|do) ?n[o']t exist|(does|do) not have an account|\bno longer (available|valid|on|exists?)\b|\bnot (known|valid|a valid|local|recogni[sz]ed)\b|\bsconosciut[oa]\b|\binesistente\b|\bnon (esiste|trovat[oa]|valid[oa])\b)/i,
    source: `${POSTFIX}; ${LIBERO}`,
  },
  {
    class: "address_dead",
    text: /\b(unknown|no such|non-?existent|invalid|bad destination) (\w+ ){0,2}(user|recipient|mailbox|address|account|local ?part)\b|no mailbox here|not our user|no mail(box)? here by that name|this user does ?n[o']t have|recipientnotfound|recipnotfound|(utente|casella|indirizzo|destinatario) (sconosciut|inesistent|non (esist|trovat))/i,
    source: `${EXIM}; ${LIBERO}`,
  },
  {
    class: "address_dead",
    text: /\b(unknown|unrouteable|invalid|bad) (mail )?(domain|host)\b|host unknown|host (or domain name )?not found|domain (name )?(not found|does not exist|is not reachable)|routing server failure|does not accept (e-?)?mail\b|\bnull ?mx\b|dominio (inesistente|non (esiste|trovato))/i,
    source: `${RFC(7505, "§4.2")}; ${LIBERO}`,
  },
  // What is thought of us.
  {
    class: "reputation",
    code: /^[45]\.7\.(25|606|511|512|520|60\d|6[1-4]\d)$/,
    source: `${RFC(7372, "§3.3")}; ${MICROSOFT}`,
  },
  {
    class: "reputation",
    text: /black ?list|block ?list|deny ?list|\b(dns|r)bls?\b|spamhaus|spamcop|barracudacentral|cloudmark|proofpoint\.com\/dnsbl|senderscore|\breputation\b|banned sending ip|(ip|host|network|client).{0,30}\b(blocked|blacklisted|listed|banned|not allowed|bloccat[oa])|blocked (ip|using|for)|lista nera|in lista|user complaints|unsolicited mail|\(bl\)/i,
    source: `${YAHOO}; ${GMAIL}`,
  },
  {
    class: "reputation",
    text: /\bptr\b|reverse (dns|hostname|lookup)|rdns|cannot find your (reverse )?host ?name|ip name lookup failed|client ip|not accepting connections|no smtp service/i,
    source: `${GMX}; ${POSTFIX}`,
  },
  // The first try of an unknown sender: the second one a few minutes later is taken.
  {
    class: "greylisted",
    code: /^4\.|^$/,
    text: /gr[ae]y-?list|come back (in|later)|torna(te)? (fra|tra|più tardi)|first.{0,20}(attempt|delivery)|early retry/i,
    source: RFC(6647, "§2"),
  },
  { class: "greylisted", code: /^4\.7\.1$/, text: /try again later/i, source: PLESK },
  // Codes that no word explained.
  { class: "address_dead", code: /^5\.1\.(1|2|3|4|6|10|351)$/, source: `${RFC(3463, "§3.2")}; ${RFC(7505, "§4.2")}` },
  { class: "address_dead", code: /^5\.4\.4$/, source: RFC(3463, "§3.5: unable to route") },
  { class: "address_dead", code: /^5\.7\.1[78]$/, source: RFC(7293, "§14: the mailbox has changed hands") },
  { class: "address_dead", code: /^5\.2\.1$/, source: `${RFC(3463, "§3.3: mailbox disabled")}; ${GMAIL}` },
  { class: "policy", code: /^[45]\.7\.\d+$/, source: RFC(3463, "§3.8: security or policy") },
  {
    class: "policy",
    text: /\bspam\b|spammy|spamming|\bvirus\b|\bblocked\b|\bpolic(y|ies)\b|not authori[sz]ed|access denied|relay(ing)? (access )?(denied|not (allowed|permitted)|disabled)|rejected for|content rejected|service refuse|\bbloccat[oa]\b|\bregole\b|not (allowed|permitted)/i,
    source: `${POSTFIX}; ${WEB_DE}; ${APPLE}`,
  },
];

const READ = 1000;

/** Enhanced status code of a reply (RFC 2034), also where qmail writes it, "(#5.1.1)"; "" when it has none. */
export function enhancedCode(reply: string): string {
  const [, first] = /^\d{3}[ -]'?([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply) ?? [];
  const [, qmail] = first ? [] : (/\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(reply.slice(0, READ)) ?? []);
  return first ?? qmail ?? "";
}

/**
 * What a refusal (4xx, 5xx) is about, by the first rule that fits; without one 4xx is `temporary`, 5xx is `refused`.
 * @param reply the whole reply as the server wrote it
 */
export function classify(reply: string): { class: AnswerClass; alone: boolean; source: string } {
  const code = enhancedCode(reply);
  // In one line, its codes left out: "550-5.1.1 …\r\n550 5.1.1 …".
  const text = reply
    .slice(0, READ)
    .replace(/(^|[\r\n]+|\s)\d{3}[ -]'?(?=\D|[245]\.\d)/g, " ")
    .replace(/\s+/g, " ");
  const rule = ANSWER_RULES.find((one) => (one.code?.test(code) ?? true) && (one.text?.test(text) ?? true));
  if (rule) return { class: rule.class, alone: rule.alone ?? false, source: rule.source };
  return { class: reply.startsWith("4") ? "temporary" : "refused", alone: true, source: RFC(5321, "§4.2.1") };
}
