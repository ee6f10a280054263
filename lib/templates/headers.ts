import { createHash } from "node:crypto";
import { mailDate } from "./mime/date.ts";
import { encodeText } from "./mime/encoded-word.ts";
import { HeaderRefused, header } from "./mime/header.ts";
import { displayName, mailbox, phrase } from "./mime/mailbox.ts";
import type { Frozen, Person } from "./types.ts";

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const MESSAGE_ID = new RegExp(`^<${ATOM}(?:\\.${ATOM})*@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*>$`);

/** The headers of a campaign's messages that are the same for everybody, written once; those of a person come from what it returns. */
export function headersOf(frozen: Frozen): (person: Person, subject: string) => { text: string; utf8: boolean } {
  const constant = [
    frozen.replyTo ? addressHeader("Reply-To", { address: frozen.replyTo }).text : "",
    header("List-Help", `<${uri("List-Help", frozen.organization.privacyUrl)}>`),
    header("List-Owner", `<mailto:${uri("List-Owner", mailto(frozen.organization.privacyEmail), true)}>`),
    header("List-Post", "NO"),
    // RFC 8058: exactly these words. The address of List-Unsubscribe takes the POST.
    header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    header("Content-Language", frozen.locale),
    header("MIME-Version", "1.0"),
  ].join("");
  const listId = once((list: string) => listIdHeader(frozen, list));
  let from: (Person["from"] & { text: string; utf8: boolean }) | undefined;
  return (person, subject) => {
    // As good as always the sender of the last message.
    if (from?.address !== person.from.address || from.name !== person.from.name)
      from = { ...person.from, ...addressHeader("From", person.from) };
    const to = addressHeader("To", { ...person, address: person.to });
    return {
      text: [
        from.text,
        to.text,
        header("Subject", encodeText(subject)),
        header("Date", mailDate(new Date(person.date))),
        messageIdHeader(person.messageId),
        header("List-Unsubscribe", `<${uri("List-Unsubscribe", person.links.leave)}>`),
        listId(`${person.list} ${person.listName}`),
        feedbackId(frozen, person),
        constant,
      ].join(""),
      utf8: from.utf8 || to.utf8,
    };
  };
}

/** An address header and whether it needs SMTPUTF8. @throws HeaderRefused */
export function addressHeader(field: string, o: { name?: string | null; address: string }) {
  const { value, utf8 } = mailbox(field, o);
  return { text: header(field, value, { utf8 }), utf8 };
}

/** @throws HeaderRefused for what is not one Message-ID in angle brackets */
export function messageIdHeader(id: string): string {
  if (!MESSAGE_ID.test(id) || id.length > 250) throw new HeaderRefused("Message-ID");
  return header("Message-ID", id);
}

/**
 * `Novità <id of the list.slug.domain>` (RFC 2919): unique and the same for ever, because neither changes; 255 characters at most.
 * @param key id of the list, a space, its name
 */
function listIdHeader(frozen: Frozen, key: string): string {
  const [id, name] = [key.slice(0, key.indexOf(" ")), displayName(key.slice(key.indexOf(" ") + 1))];
  // A host that is an address literal has no place in a List-Id; RFC 2919 §3 reserves `localhost` for what nobody manages.
  const domain = /^[A-Za-z0-9.-]+$/.test(frozen.domain) ? frozen.domain.toLowerCase() : "localhost";
  const value = `<${id}.${frozen.organization.slug}.${domain}>`;
  if (!/^<[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+>$/.test(value) || value.length > 255) throw new HeaderRefused("List-Id");
  return header("List-Id", name ? `${phrase(name)} ${value}` : value);
}

/** `campaign:list:organization:sender` for Gmail's postmaster figures. Ids of things, never of people (HD-05); the last one is stable for a domain. */
function feedbackId(frozen: Frozen, person: Person): string {
  const list = person.list.replaceAll("-", "").slice(-12);
  return header(
    "Feedback-ID",
    `${frozen.campaign.number}:${list}:${frozen.organization.slug}:${senderId(frozen.domain)}`,
  );
}

const senderId = once((domain: string) => createHash("sha256").update(domain).digest("hex").slice(0, 12));

/** A URI that may stand between angle brackets: nothing in it that ends the brackets, the line or the list (B20). @throws HeaderRefused */
function uri(field: string, text: string, bare = false): string {
  if (!/^[\x21-\x7e]+$/.test(text) || /[<>",\\]/.test(text) || text.length > 900) throw new HeaderRefused(field);
  if (!bare && !/^https?:\/\/[^/]+/.test(text)) throw new HeaderRefused(field);
  return text;
}

/** An address as a mailto URI carries it (RFC 6068 §2). */
function mailto(address: string): string {
  const at = address.lastIndexOf("@");
  return `${encodeURIComponent(address.slice(0, at))}@${new URL(`http://${address.slice(at + 1)}`).hostname}`;
}

/** Remembers the answers: a campaign has a handful of lists. */
function once(make: (key: string) => string): (key: string) => string {
  const made = new Map<string, string>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (made.size < 1000) made.set(key, value);
    return value;
  };
}
