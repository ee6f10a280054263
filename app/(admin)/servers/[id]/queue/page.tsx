import type { Metadata } from "next";
import { type QueueRow, serverQueue } from "../../../../../lib/delivery/server-queue.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { hasRight } from "../../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Address } from "../../../../_ui/address.tsx";
import { Checkbox } from "../../../../_ui/choices.tsx";
import { Empty } from "../../../../_ui/empty.tsx";
import { Note, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Link } from "../../../../_ui/link.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TextField } from "../../../../_ui/text-field.tsx";
import { TimeText } from "../../../../_ui/time-text.tsx";
import { ServerHead } from "../server-head.tsx";
import { decideQueued } from "./actions.ts";
import { FilterForm } from "./filter-form.tsx";

type Search = { domain?: string; reply?: string };
type Props = { params: Promise<{ id: string }>; searchParams: Promise<Search> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.queue.title") };
}

/** What waits for this server, the oldest first, with the server's last word on each. */
export default async function QueuePage({ params, searchParams }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t } = signed;
  const [{ id }, search] = [await params, await searchParams];
  const server = await found(findServer(s, { who, server: id }));
  const domain = /^[a-z0-9.-]{1,253}$/i.test(search.domain ?? "") ? search.domain : undefined;
  const reply = search.reply?.slice(0, 80) || undefined;
  const rows = await serverQueue(s, {
    ...{ who, server: id },
    ...(domain ? { domain } : {}),
    ...(reply ? { reply } : {}),
  });
  const writes = hasRight(who, "campaigns.write");
  return (
    <>
      <ServerHead {...{ signed, server }} current="queue" />
      <p className="mb-3 max-w-text">{t("serverScreens.queue.about", { n: rows.length })}</p>
      <FilterForm
        label={t("serverScreens.queue.filter")}
        fields={[
          { name: "domain", label: t("serverScreens.queue.domain"), value: domain },
          { name: "reply", label: t("serverScreens.queue.reply"), value: reply },
        ]}
        press={t("serverScreens.queue.look")}
      />
      {rows.length === 0 ? (
        <Sheet>
          <Empty>{t(domain || reply ? "serverScreens.queue.noneSo" : "serverScreens.queue.none")}</Empty>
        </Sheet>
      ) : (
        <ActionForm action={decideQueued} id="queue" className="">
          <input type="hidden" name="server" value={id} />
          <Sheet>
            {rows.map((row) => (
              <Waiting key={row.id} {...{ signed, row, writes }} />
            ))}
            {writes && (
              <SheetPart>
                <Note>{t("serverScreens.queue.pick")}</Note>
                <SubmitButton look="plain" name="decision" value="now">
                  {t("serverScreens.queue.now")}
                </SubmitButton>
                <TextField name="reason" label={t("serverScreens.queue.why")} optional maxLength={200} />
                <SubmitButton look="danger" name="decision" value="drop">
                  {t("serverScreens.queue.drop")}
                </SubmitButton>
              </SheetPart>
            )}
          </Sheet>
        </ActionForm>
      )}
    </>
  );
}

function Waiting({ signed: { t, format }, row, writes }: { signed: SignedIn; row: QueueRow; writes: boolean }) {
  const who = row.to ? (
    <Address value={row.to} />
  ) : (
    t(row.kind ? `serverScreens.mailKinds.${row.kind}` : "campaigns.rows.erased")
  );
  const facts = [
    t(`serverScreens.queue.states.${row.state}`),
    t("serverScreens.queue.tries", { n: row.tries }),
    row.nextAt && t("serverScreens.queue.next", { at: format.short(row.nextAt) }),
  ].filter(Boolean);
  const body = (
    <>
      <span className="block [overflow-wrap:anywhere]">{who}</span>
      <span className="block text-note text-ink-2">{facts.join(" · ")}</span>
      {row.reply && <code className="block font-mono text-note text-ink-2 [overflow-wrap:anywhere]">{row.reply}</code>}
    </>
  );
  return (
    <SheetPart className="text-table">
      {writes ? (
        <Checkbox name="ids[]" value={row.id} grouped>
          {body}
        </Checkbox>
      ) : (
        body
      )}
      {row.campaign && <Link href={`/campaigns/${row.campaign.id}`}>{row.campaign.name}</Link>}
      {!row.campaign && row.nextAt && <TimeText at={row.nextAt} />}
    </SheetPart>
  );
}
