"use client";
import { Radio } from "../../_ui/choices.tsx";
import { CopyField } from "../../_ui/copy-field.tsx";
import { PasswordField } from "../../_ui/password-field.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import type { PartProps } from "./form-route.tsx";
import type { ServerDefaults } from "./server-form.tsx";

type Auth = ServerDefaults["auth"];

export type SignInFacts = {
  /** The ways that this kind of server knows. */
  ways: Auth[];
  hasPassword: boolean;
  hasOauth: boolean;
  /** The address to authorise, with the words that say who names it. */
  ours: { ip: string; from: string } | null;
};

/** How one signs in: by password, by address (which is shown), by OAuth2. */
export function FormSignIn({ now, set, words, ways, hasPassword, hasOauth, ours }: PartProps & SignInFacts) {
  const labels = { password: words.byPassword, none: words.byAddress, oauth2: words.byOauth };
  const helps = { password: words.byPasswordHelp, none: words.byAddressHelp, oauth2: words.byOauthHelp };
  return (
    <div className="flex flex-col gap-5">
      {ways.length > 1 ? (
        <Radio
          name="auth"
          label={words.auth}
          defaultValue={now.auth}
          onChange={(auth) => set({ auth: auth as Auth })}
          choices={ways.map((value) => ({ value, label: labels[value], help: helps[value] }))}
        />
      ) : (
        <input type="hidden" name="auth" value={now.auth} />
      )}
      <div hidden={now.auth !== "none"}>
        {ours ? (
          <CopyField label={words.ourAddress} value={ours.ip} help={ours.from} />
        ) : (
          <p className="max-w-text text-note text-ink-2">{words.ourAddressUnknown}</p>
        )}
      </div>
      <div hidden={now.auth === "none"}>
        <TextField
          {...{ name: "username", label: words.username, help: words.usernameHelp, autoComplete: "off" }}
          defaultValue={now.username}
        />
      </div>
      <div hidden={now.auth !== "password"}>
        <PasswordField
          {...{ name: "password", label: words.password, autoComplete: "new-password" as const }}
          help={hasPassword ? words.secretKept : words.passwordHelp}
        />
      </div>
      <div hidden={now.auth !== "oauth2"} className="space-y-5">
        <TextField
          {...{ name: "oauthClient", label: words.oauthClient, autoComplete: "off" }}
          help={hasOauth ? words.secretKept : words.oauthClientHelp}
        />
        <PasswordField name="oauthSecret" label={words.oauthSecret} autoComplete="off" />
        <PasswordField
          {...{ name: "oauthRefresh", label: words.oauthRefresh, help: words.oauthRefreshHelp, autoComplete: "off" }}
        />
      </div>
    </div>
  );
}
