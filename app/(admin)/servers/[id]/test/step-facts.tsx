import type { ServerView, TalkStep } from "../../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { moveTo } from "../../actions.ts";
import { CertificateFacts } from "./certificate-facts.tsx";

export type StepProps = { signed: SignedIn; server: ServerView; writes: boolean; step: TalkStep };

/** What a step has shown beside the server's words, and what can be done about it. */
export function StepFacts(props: StepProps) {
  const { step, facts = {} } = props.step;
  const { t } = props.signed;
  if (step === "dns" && facts.address)
    return <Said>{t("serverScreens.test.address", { ip: String(facts.address) })}</Said>;
  if (step === "tcp" && facts.open) return <OtherPorts {...props} open={facts.open as number[]} />;
  if (step === "greeting" && facts.ip)
    return <Said>{t(`serverScreens.test.seen.${facts.from}`, { ip: String(facts.ip) })}</Said>;
  if (step === "tls" && facts.sha256) return <CertificateFacts {...props} />;
  if (step === "mail" && facts.sender)
    return <Said>{t("serverScreens.test.sender", { sender: String(facts.sender) })}</Said>;
  return null;
}

function Said({ children }: { children: string }) {
  return <p className="max-w-text text-table text-ink-2 [overflow-wrap:anywhere]">{children}</p>;
}

/** The chosen port is closed: those that answer, each to be used with a press. */
function OtherPorts({ signed: { t }, server, writes, open }: StepProps & { open: number[] }) {
  if (open.length === 0) return <p className="max-w-text text-table">{t("serverScreens.test.noPort")}</p>;
  return (
    <>
      <p className="max-w-text text-table">
        {t("serverScreens.test.otherPorts", { n: open.length, ports: open.join(", "), port: String(server.port) })}
      </p>
      {writes && (
        <ActionForm action={moveTo} id="port" className="flex flex-wrap gap-2 py-1">
          <input type="hidden" name="server" value={server.id} />
          {open.map((port) => (
            <SubmitButton key={port} look="plain" name="port" value={String(port)}>
              {t("serverScreens.test.usePort", { port: String(port) })}
            </SubmitButton>
          ))}
        </ActionForm>
      )}
    </>
  );
}
