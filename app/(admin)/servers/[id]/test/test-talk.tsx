import type { ServerView, TalkStep } from "../../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { Icon } from "../../../../_ui/icon.tsx";
import { KeySentence, RICH } from "../../../../_ui/key-sentence.tsx";
import { Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { runTest } from "../../actions.ts";
import { reasonOfTalk } from "./reason.ts";
import { StepFacts } from "./step-facts.tsx";

type Props = { signed: SignedIn; server: ServerView; writes: boolean };

/** The test: the talk with the server, step by step in plain words with its own answers, and whether the mail at its end was accepted. */
export function TestTalk({ signed, server, writes }: Props) {
  const { t, format, user } = signed;
  const { testTalk, testOk, testedAt } = server;
  const facts = { at: testedAt ? format.short(testedAt) : "", ...RICH };
  return (
    <Section title={t("serverScreens.test.title")}>
      <Sheet>
        <SheetPart>
          <KeySentence>
            {testOk
              ? t.rich(testOk === "yes" ? "serverScreens.test.passed" : "serverScreens.test.failed", facts)
              : t("serverScreens.test.never")}
          </KeySentence>
          {writes && (
            <ActionForm action={runTest} id="test" className="space-y-2">
              <input type="hidden" name="server" value={server.id} />
              <SubmitButton look={testOk === "yes" ? "plain" : "primary"}>{t("serverScreens.test.run")}</SubmitButton>
              <p className="text-note text-ink-2">{t("serverScreens.test.about", { to: user.email })}</p>
            </ActionForm>
          )}
        </SheetPart>
        {testTalk?.map((step) => (
          <Step key={step.step} {...{ signed, server, writes, step }} />
        ))}
      </Sheet>
    </Section>
  );
}

/** One step: a mark, what it means, what the server said. */
function Step({ signed, server, writes, step }: Props & { step: TalkStep }) {
  const { t } = signed;
  const { ok, text, said } = step;
  return (
    <div className="grid grid-cols-[22px_minmax(0,1fr)] gap-x-2 px-4 py-(--row) sm:px-5">
      <span className={`mt-0.5 ${ok ? "text-ok" : "text-bad"}`}>
        <Icon name={ok ? "check" : "x"} label={t(ok ? "ui.check.ok" : "ui.check.bad")} />
      </span>
      <div className="min-w-0 space-y-1">
        <p className={ok ? "" : "font-semibold"}>{t(`servers.talk.${step.step}.${ok ? "ok" : "failed"}`)}</p>
        {text && <p className="max-w-text text-table">{reasonOfTalk(t, text)}</p>}
        <StepFacts {...{ signed, server, writes, step }} />
        {said && (
          <code className="block whitespace-pre-wrap font-mono text-note text-ink-2 [overflow-wrap:anywhere]">
            {said}
          </code>
        )}
      </div>
    </div>
  );
}
