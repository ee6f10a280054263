import type { DkimKeyView, DkimPage } from "../../../../../lib/servers/dkim-find.ts";
import type { SignedIn } from "../../../../_server/session.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { CopyField } from "../../../../_ui/copy-field.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { StatusTag, type Tone } from "../../../../_ui/status-tag.tsx";
import { removeKey } from "./actions.ts";

const TONES: Record<DkimKeyView["state"], Tone> = { waits: "warn", signs: "ok", stands: "info", over: "still" };

type Props = { signed: SignedIn; page: DkimPage; of: DkimKeyView; writes: boolean };

/** A signing key: its state, the record to copy, who sees it. */
export function KeySheet({ signed, page, of: key, writes }: Props) {
  const { t, format } = signed;
  const at = (moment: Date | null) => (moment ? format.short(moment) : "");
  return (
    <Sheet>
      <SheetPart>
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h3 className="font-semibold [overflow-wrap:anywhere]">
            {t(`dkimScreen.algorithm.${key.algorithm}`)} · <span className="font-mono">{key.selector}</span>
          </h3>
          <StatusTag tone={TONES[key.state]}>{t(`dkimScreen.states.${key.state}`)}</StatusTag>
        </div>
        {key.state === "waits" && <Record {...{ t, of: key }} />}
        {(key.state === "signs" || key.state === "stands") && (
          <details>
            <summary className="cursor-pointer text-table text-accent">{t("dkimScreen.show")}</summary>
            <div className="mt-3 space-y-3">
              <Record {...{ t, of: key }} />
            </div>
          </details>
        )}
      </SheetPart>
      <Facts>
        <Fact term={t("dkimScreen.fingerprint")}>
          <span className="font-mono">{key.fingerprint}</span>
        </Fact>
        <Fact term={t("dkimScreen.seen")}>
          <Seen {...{ t, of: key }} />
          {key.seenAt && <p className="text-note text-ink-2">{t("dkimScreen.seenAt", { at: at(key.seenAt) })}</p>}
        </Fact>
        <Fact term={t("dkimScreen.createdTerm")}>
          {at(key.createdAt)}
          {key.activeAt && !key.freeAt && <p>{t("dkimScreen.since", { at: at(key.activeAt) })}</p>}
          {key.freeAt && (
            <p>{t(key.state === "over" ? "dkimScreen.free" : "dkimScreen.stand", { at: at(key.freeAt) })}</p>
          )}
        </Fact>
      </Facts>
      {writes && mayGo(page, key) && (
        <SheetPart>
          <Remove {...{ t, of: key }} />
        </SheetPart>
      )}
    </Sheet>
  );
}

/** One that signs goes by making another; one whose record must stand does not go. */
const mayGo = ({ mode }: DkimPage, { state }: DkimKeyView) =>
  state === "waits" || state === "over" || (state === "signs" && mode !== "ours");

type Part = { t: SignedIn["t"]; of: DkimKeyView };

function Record({ t, of: { name, host, value, pieces } }: Part) {
  return (
    <>
      <CopyField label={t("dkimScreen.name")} value={host} help={t("dkimScreen.nameHelp", { name })} />
      <CopyField label={t("dkimScreen.value")} value={value} />
      {pieces.length > 1 && (
        <details>
          <summary className="cursor-pointer text-table text-accent">{t("dkimScreen.pieces")}</summary>
          <div className="mt-3 space-y-3">
            <p className="max-w-text text-note text-ink-2">{t("dkimScreen.piecesHelp")}</p>
            {pieces.map((piece, i) => (
              <CopyField key={piece} label={t("dkimScreen.piece", { n: i + 1 })} value={piece} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

/** Both resolvers, each with what it sees there; of another key the two fingerprints. */
function Seen({ t, of: { seen, fingerprint } }: Part) {
  if (seen.length === 0) return <>{t("dkimScreen.never")}</>;
  return (
    <ul className="space-y-1">
      {seen.map((one) => (
        <li key={one.resolver}>
          {t(`dkimScreen.resolver.${one.resolver}`)}:{" "}
          <b className="font-semibold">{t(`dkimScreen.found.${one.found}`)}</b>
          {one.at && <p>{t("dkimScreen.at", { at: one.at })}</p>}
          {one.found === "other" && (
            <p>
              {one.fingerprint
                ? t("dkimScreen.otherKey", { found: one.fingerprint, own: fingerprint })
                : t("dkimScreen.otherValue", { value: one.value ?? "" })}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Remove({ t, of: { id, selector, state } }: Part) {
  const about = { waits: "removeWaits", signs: "removeSigns", over: "removeOver", stands: "removeOver" } as const;
  return (
    <ConfirmDialog
      open={t("dkimScreen.remove")}
      openLook="plain"
      title={t("dkimScreen.removeTitle", { selector })}
      action={removeKey}
      values={{ key: id }}
      confirm={t("dkimScreen.remove")}
    >
      <p>{t(`dkimScreen.${about[state]}`)}</p>
    </ConfirmDialog>
  );
}
