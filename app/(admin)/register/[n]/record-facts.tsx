import type { ReactNode } from "react";
import type { LedgerRecord } from "../../../../lib/ledger/record.ts";
import { withoutBidi } from "../../../../lib/text/header.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { CodeBlock } from "../../../_ui/copy-field.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Fold } from "../../../_ui/fold.tsx";
import { Note, SheetPart } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { wordsOf } from "../entry-detail.tsx";

type Props = {
  record: LedgerRecord;
  list: { id: string; name: string } | undefined;
  contact: string | undefined;
  signed: SignedIn;
};

/** A record in words, field by field; its own fields and the whole of it below. */
export function RecordFacts({ record, list, contact, signed }: Props) {
  const { t, who } = signed;
  const evidence = hasRight(who, "evidence.see");
  return (
    <>
      <Facts>
        {list && (
          <Fact term={t("register.fields.list")}>
            <Link href={`/lists/${list.id}`}>{list.name}</Link>
          </Fact>
        )}
        {rows(record, contact, signed).map(([term, value]) => (
          <Fact key={term} term={t(`register.fields.${term}`)}>
            {value}
          </Fact>
        ))}
      </Facts>
      <SheetPart>
        {record.address === undefined && contact && !evidence && <Note>{t("register.masked")}</Note>}
        {!evidence && contact && <Note>{t("register.evidenceElsewhere")}</Note>}
        <Fold title={t("register.wholeRecord")}>
          <CodeBlock label={t("register.json")}>{visible(JSON.stringify(record, null, 2))}</CodeBlock>
        </Fold>
      </SheetPart>
    </>
  );
}

/** Marks of direction as JSON may spell them: what is read is what is there (B17). */
const visible = (json: string) =>
  json.replace(
    /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function rows(record: LedgerRecord, contact: string | undefined, { t, format }: SignedIn): [string, ReactNode][] {
  const { address, purpose, level, actor, method, boxes, valid_until, request, mail, note, form } = record;
  const plain = (text: string | undefined) => text && withoutBidi(text);
  const ticked = (boxes ?? []).map((box) =>
    t(box.ticked ? "contacts.boxTicked" : "contacts.boxEmpty", { purpose: t(`lists.purposes.${box.purpose}`) }),
  );
  const all: [string, ReactNode][] = [
    [
      "person",
      contact && <Link href={`/contacts/${contact}`}>{address ? <bdi>{address}</bdi> : t("register.toContact")}</Link>,
    ],
    ["address", !contact && address],
    ["purpose", purpose && t(`lists.purposes.${purpose}`)],
    ["method", method && wordsOf(method, t)],
    ["actor", actor && t(`register.actors.${actor.type}`)],
    ["level", level && t(`register.levels.${level}`)],
    ["valid", valid_until && format.date(new Date(valid_until))],
    ["boxes", ticked.length > 0 && ticked.join(" · ")],
    ["form", form && <Link href={`/forms/${form.id}`}>{t("register.formVersion", { n: form.version })}</Link>],
    ["ip", request?.ip],
    ["page", plain(request?.page)],
    ["userAgent", plain(request?.user_agent)],
    ["messageId", mail?.message_id],
    ["reply", plain(mail?.reply)],
    ["simulated", mail?.simulated && t("register.simulated")],
    ["note", plain(note)],
  ];
  return all.filter(([, value]) => value);
}
