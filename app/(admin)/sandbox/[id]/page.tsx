import type { Metadata } from "next";
import { readSandbox } from "../../../../lib/delivery/sandbox-inbox.ts";
import { found, signedIn } from "../../../_server/session.ts";
import { Address } from "../../../_ui/address.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { CodeBlock } from "../../../_ui/copy-field.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { Tabs } from "../../../_ui/tabs.tsx";
import { TimeText } from "../../../_ui/time-text.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ view?: string }> };

const VIEWS = ["shown", "text", "headers", "source"] as const;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { s, who } = await signedIn("campaigns.see");
  return { title: (await found(readSandbox(s, { who, id: (await params).id }))).subject };
}

/** One message that the sandbox took: as a reader would see it, and what it is made of. Its links work. */
export default async function SandboxMessagePage({ params, searchParams }: Props) {
  const { s, who, t } = await signedIn("campaigns.see");
  const [{ id }, search] = [await params, await searchParams];
  const message = await found(readSandbox(s, { who, id }));
  const view = VIEWS.find((one) => one === search.view) ?? (message.html ? "shown" : "text");
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/sandbox", label: t("sandbox.title") }]} />}
        title={message.subject || t("campaigns.noSubject")}
        state={
          <>
            {t("sandbox.from")} <Address value={message.from} /> {t("sandbox.to")} <Address value={message.to} /> ·{" "}
            <TimeText at={message.at} />
          </>
        }
      />
      <Tabs
        label={t("sandbox.views.label")}
        of={VIEWS.filter((one) => one !== "shown" || message.html).map((one) => ({
          href: `/sandbox/${id}?view=${one}`,
          label: t(`sandbox.views.${one}`),
          current: one === view,
        }))}
      />
      {view === "shown" && (
        <>
          <iframe
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            src={`/sandbox/${id}/frame`}
            title={message.subject || t("sandbox.views.shown")}
            className="sheet h-[75vh] min-h-96 w-full bg-white"
          />
          <p className="mt-2 text-note text-ink-2">{t("sandbox.links")}</p>
        </>
      )}
      {view === "text" && (
        <Sheet>
          <SheetPart>
            <pre className="max-w-text whitespace-pre-wrap font-sans [overflow-wrap:anywhere]">
              {linked(message.text ?? "")}
            </pre>
          </SheetPart>
        </Sheet>
      )}
      {view === "headers" && (
        <Sheet>
          <Facts>
            {message.headers.map(({ name, value }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same header may stand there twice
              <Fact key={i} term={name}>
                <code className="font-mono text-note">{value}</code>
              </Fact>
            ))}
          </Facts>
        </Sheet>
      )}
      {view === "source" && <CodeBlock label={t("sandbox.views.source")}>{message.source}</CodeBlock>}
    </>
  );
}

/** Web addresses in a text as links that open in a tab of their own. */
function linked(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes
      <a key={i} className="link" href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ),
  );
}
