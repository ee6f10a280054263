"use client";
import { useState } from "react";
import { ActionForm } from "../../_ui/action-form.tsx";
import type { FormAction } from "../../_ui/action-state.ts";
import { Radio } from "../../_ui/choices.tsx";
import { PasswordField } from "../../_ui/password-field.tsx";
import { Select } from "../../_ui/select.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { NumberField, TextField } from "../../_ui/text-field.tsx";
import { PROPOSALS } from "./proposals.ts";
import { hints } from "./server-hints.ts";
import type { ServerWords } from "./server-words.ts";

/** What the form starts from: a server as it is, or what is proposed for a new one. */
export type ServerDefaults = {
  kind: "shared" | "dedicated";
  name: string;
  host: string;
  port: number;
  encryption: "none" | "starttls" | "tls";
  auth: "none" | "password" | "oauth2";
  username: string;
  fromName: string;
  fromAddress: string;
  envelopeFrom: string;
  perDay: number | null;
  perHour: number | null;
  perMinute: number | null;
  perSecond: number | null;
  reserve: number;
  connections: number;
};

type Props = {
  action: FormAction;
  /** Of the server that is changed; left out: a new one. */
  server?: string;
  defaults: ServerDefaults;
  words: ServerWords;
  hasPassword?: boolean;
};

/** A sending server: where it is, how one signs in, who writes, how much. What the choices mean together is said beside them. */
export function ServerForm({ action, server, defaults, words, hasPassword = false }: Props) {
  const [now, setNow] = useState(defaults);
  const [round, setRound] = useState(0);
  const set = (change: Partial<ServerDefaults>) => setNow((before) => ({ ...before, ...change }));
  const choose = (kind: "shared" | "dedicated") => {
    set({ kind, ...PROPOSALS[kind] });
    setRound((n) => n + 1);
  };
  const said = hints(now).map((hint) => words.hints[hint]);
  return (
    <ActionForm action={action} id="server">
      {server && <input type="hidden" name="server" value={server} />}
      <Radio
        name="kind"
        label={words.kind}
        defaultValue={defaults.kind}
        onChange={(kind) => choose(kind as "shared" | "dedicated")}
        choices={[
          { value: "shared", label: words.shared, help: words.sharedHelp },
          { value: "dedicated", label: words.dedicated, help: words.dedicatedHelp },
        ]}
      />
      <TextField name="name" label={words.name} help={words.nameHelp} defaultValue={defaults.name} required />
      <div className="grid max-w-text gap-5 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <TextField name="host" label={words.host} help={words.hostHelp} defaultValue={defaults.host} required />
        <TextField
          name="port"
          label={words.port}
          help={words.portHelp}
          inputMode="numeric"
          defaultValue={defaults.port}
          onChange={(event) => set({ port: Number(event.currentTarget.value) })}
          required
        />
      </div>
      <Select
        name="encryption"
        label={words.encryption}
        defaultValue={defaults.encryption}
        onChange={(encryption) => set({ encryption: encryption as ServerDefaults["encryption"] })}
        options={(["starttls", "tls", "none"] as const).map((value) => ({ value, label: words[value] }))}
      />
      <Radio
        name="auth"
        label={words.auth}
        defaultValue={defaults.auth}
        onChange={(auth) => set({ auth: auth as ServerDefaults["auth"] })}
        choices={[
          { value: "password", label: words.byPassword, help: words.byPasswordHelp },
          { value: "none", label: words.byAddress, help: words.byAddressHelp },
        ]}
      />
      <div role="status" className="empty:hidden">
        {said.length > 0 && (
          <ul className="max-w-text list-disc space-y-1 pl-5 text-table text-ink-2">
            {said.map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
        )}
      </div>
      <div hidden={now.auth === "none"} className="space-y-5">
        <TextField
          name="username"
          label={words.username}
          help={words.usernameHelp}
          defaultValue={defaults.username}
          autoComplete="off"
        />
        <PasswordField
          name="password"
          label={words.password}
          help={hasPassword ? words.passwordKept : words.passwordHelp}
          autoComplete="new-password"
        />
      </div>
      <div className="grid max-w-text gap-5 sm:grid-cols-2">
        <TextField
          name="fromName"
          label={words.fromName}
          help={words.fromNameHelp}
          defaultValue={defaults.fromName}
          required
        />
        <TextField
          name="fromAddress"
          type="email"
          label={words.fromAddress}
          help={words.fromAddressHelp}
          defaultValue={defaults.fromAddress}
          required
        />
      </div>
      <TextField
        name="envelopeFrom"
        type="email"
        label={words.envelopeFrom}
        help={words.envelopeFromHelp}
        defaultValue={defaults.envelopeFrom}
        optional
      />
      <Limits key={round} now={now} words={words} />
      <SubmitButton look={server ? "plain" : "primary"}>{server ? words.save : words.create}</SubmitButton>
    </ActionForm>
  );
}

function Limits({ now, words }: { now: ServerDefaults; words: ServerWords }) {
  return (
    <fieldset className="space-y-5">
      <legend className="mb-1 font-semibold">{words.limits}</legend>
      <p className="max-w-text text-note text-ink-2">{words.limitsHelp}</p>
      <div className="grid max-w-text gap-5 sm:grid-cols-2">
        <NumberField name="perDay" label={words.perDay} defaultValue={now.perDay ?? ""} min={1} optional />
        <NumberField name="perHour" label={words.perHour} defaultValue={now.perHour ?? ""} min={1} optional />
        <NumberField name="perMinute" label={words.perMinute} defaultValue={now.perMinute ?? ""} min={1} optional />
        <NumberField name="perSecond" label={words.perSecond} defaultValue={now.perSecond ?? ""} min={1} optional />
        <NumberField name="reserve" label={words.reserve} help={words.reserveHelp} defaultValue={now.reserve} />
        <NumberField
          name="connections"
          label={words.connections}
          help={words.connectionsHelp}
          defaultValue={now.connections}
          min={1}
        />
      </div>
    </fieldset>
  );
}
