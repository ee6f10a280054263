import { isCovered } from "../../../../../lib/servers/certificate.ts";
import { ActionForm } from "../../../../_ui/action-form.tsx";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { SubmitButton } from "../../../../_ui/submit-button.tsx";
import { TextArea } from "../../../../_ui/text-field.tsx";
import { moveTo, pin, unpin } from "../../actions.ts";
import type { StepProps } from "./step-facts.tsx";

/** Names of a certificate that are offered as the server's host, at most. */
const MOST_OFFERED = 3;

/** What the certificate says. Where it does not hold: its names as hosts to choose, or this one certificate accepted, with a reason. */
export function CertificateFacts(props: StepProps) {
  const { signed, server, writes, step } = props;
  const { t, format } = signed;
  const { names = [], issuer, until, sha256 } = (step.facts ?? {}) as Record<string, string> & { names?: string[] };
  const other = names.filter((name) => !name.startsWith("*") && !isCovered(server.host, names)).slice(0, MOST_OFFERED);
  const mayPin = !step.ok && !step.text?.endsWith("certificate_expired");
  return (
    <>
      <dl className="grid max-w-text gap-x-3 text-table text-ink-2 sm:grid-cols-[auto_minmax(0,1fr)] [&_dd]:[overflow-wrap:anywhere]">
        <dt>{t("serverScreens.test.names")}</dt>
        <dd>{names.join(", ") || "–"}</dd>
        <dt>{t("serverScreens.test.issuer")}</dt>
        <dd>{issuer || "–"}</dd>
        <dt>{t("serverScreens.test.until")}</dt>
        <dd>{until ? format.date(new Date(until)) : "–"}</dd>
        <dt>SHA-256</dt>
        <dd className="font-mono text-note">{sha256}</dd>
      </dl>
      {step.ok && server.pinSha256 && <Accepted {...props} />}
      {writes && !step.ok && other.length > 0 && (
        <ActionForm action={moveTo} id="host" className="flex flex-wrap gap-2 py-1">
          <input type="hidden" name="server" value={server.id} />
          {other.map((name) => (
            <SubmitButton key={name} look="plain" name="host" value={name}>
              {t("serverScreens.test.useHost", { name })}
            </SubmitButton>
          ))}
        </ActionForm>
      )}
      {writes && mayPin && (
        <ConfirmDialog
          open={t("serverScreens.test.pin")}
          title={t("serverScreens.test.pinTitle", { host: server.host })}
          action={pin}
          values={{ server: server.id, sha256: sha256 ?? "" }}
          confirm={t("serverScreens.test.pinPress")}
          confirmLook="primary"
        >
          <p>{t("serverScreens.test.pinAbout")}</p>
          <TextArea name="reason" label={t("serverScreens.test.pinReason")} rows={2} maxLength={500} />
        </ConfirmDialog>
      )}
    </>
  );
}

/** That it was accepted by a person, why, and how to take that back. */
function Accepted({ signed: { t, format }, server, writes }: StepProps) {
  const at = server.pinnedAt ? format.short(server.pinnedAt) : "";
  return (
    <>
      <p className="max-w-text text-table text-warn">
        {t("serverScreens.test.accepted", { at, reason: server.pinReason ?? "" })}
      </p>
      {writes && (
        <ActionForm action={unpin} id="unpin">
          <input type="hidden" name="server" value={server.id} />
          <SubmitButton look="plain">{t("serverScreens.test.unpin")}</SubmitButton>
        </ActionForm>
      )}
    </>
  );
}
