"use client";
import { type ReactNode, useState } from "react";
import { ActionForm } from "../../_ui/action-form.tsx";
import type { FormAction } from "../../_ui/action-state.ts";
import { Radio } from "../../_ui/choices.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import { FormHours } from "./form-hours.tsx";
import { FormLimits } from "./form-limits.tsx";
import { FormRoute } from "./form-route.tsx";
import { FormService } from "./form-service.tsx";
import { FormSignIn, type SignInFacts } from "./form-sign-in.tsx";
import type { ServerWords } from "./server-words.ts";

export type Kind = "shared" | "dedicated" | "provider" | "mailbox";
type Limits = {
  perSecond: number | null;
  perMinute: number | null;
  perHour: number | null;
  perDay: number | null;
  dayWindow: "calendar" | "rolling";
  reserve: number;
  connections: number;
};
/** Limits that are proposed when a kind is chosen. */
export type Proposals = Record<Kind, Limits>;
export type DomainRow = { domain: string; perMinute: number | null; perHour: number | null; perDay: number | null };

/** What the form starts from: a server as it is, or what is proposed for a new one. */
export type ServerDefaults = Limits & {
  preset: string;
  kind: Kind;
  name: string;
  host: string;
  port: number;
  encryption: "none" | "starttls" | "tls";
  auth: "none" | "password" | "oauth2";
  username: string;
  fromName: string;
  fromAddress: string;
  envelopeFrom: string;
  messagesPerConnection: number;
  domainLimits: DomainRow[];
  rampFirst: number | null;
  rampFrom: string | null;
  overLimitReason: string | null;
  weekdays: number;
  hourFrom: number;
  hourTo: number;
  restHolidays: boolean;
  zone: string;
  expiresOn: string | null;
  renewUrl: string | null;
  ips: string[];
};

type Props = {
  action: FormAction;
  /** Of the server that is changed; left out: a new one. */
  server?: string;
  defaults: ServerDefaults;
  proposals: Proposals;
  words: ServerWords;
  /** Of the preset: how its host looks, whether a new address should begin slowly. */
  example?: string | undefined;
  ramp?: boolean;
  signIn: SignInFacts;
  zones: string[];
};

/** A sending server: where it is, how one signs in, who writes, how much and when. What the choices mean together is said beside them. */
export function ServerForm({
  action,
  server,
  defaults,
  proposals,
  words,
  example,
  ramp = false,
  signIn,
  zones,
}: Props) {
  const [now, setNow] = useState(defaults);
  const [round, setRound] = useState(0);
  const set = (change: Partial<ServerDefaults>) => setNow((before) => ({ ...before, ...change }));
  const choose = (kind: string) => {
    set({ kind: kind as Kind, ...proposals[kind as Kind] });
    setRound((n) => n + 1);
  };
  return (
    <ActionForm action={action} id="server" className="">
      <Part first title={words.where}>
        {defaults.preset === "custom" ? (
          <Radio
            name="kind"
            label={words.kind}
            defaultValue={defaults.kind}
            onChange={choose}
            choices={(["shared", "dedicated", "provider", "mailbox"] as const).map((value) => ({
              ...{ value, label: words[value], help: words[`${value}Help`] },
            }))}
          />
        ) : (
          <input type="hidden" name="kind" value={defaults.kind} />
        )}
        <FormRoute {...{ now, set, words, example }} />
        <FormSignIn {...{ now, set, words, ...signIn }} />
      </Part>
      <Part title={words.sender}>
        <Sender {...{ defaults, words }} />
      </Part>
      <Part title={words.limits}>
        <FormLimits key={round} {...{ now, set, words, ramp }} />
      </Part>
      <Part title={words.hours}>
        <FormHours {...{ now, words, zones }} />
      </Part>
      <Part title={words.service}>
        <FormService {...{ now, words }} />
      </Part>
      <div className="mt-5">
        {server && <input type="hidden" name="server" value={server} />}
        <input type="hidden" name="preset" value={defaults.preset} />
        <SubmitButton look={server ? "plain" : "primary"}>{server ? words.save : words.create}</SubmitButton>
      </div>
    </ActionForm>
  );
}

/** `first`: in a box of its own, so that no space stands above it. */
function Part({ title, first, children }: { title: string; first?: boolean; children: ReactNode }) {
  const section = (
    <Section title={title}>
      <Sheet>
        <SheetPart className="space-y-5">{children}</SheetPart>
      </Sheet>
    </Section>
  );
  return first ? <div>{section}</div> : section;
}

function Sender({ defaults, words }: { defaults: ServerDefaults; words: ServerWords }) {
  return (
    <>
      <div className="grid max-w-text gap-5 sm:grid-cols-2">
        <TextField
          {...{ name: "fromName", label: words.fromName, help: words.fromNameHelp }}
          defaultValue={defaults.fromName}
          required
        />
        <TextField
          {...{ name: "fromAddress", type: "email", label: words.fromAddress, help: words.fromAddressHelp }}
          defaultValue={defaults.fromAddress}
          required
        />
      </div>
      <TextField
        {...{ name: "envelopeFrom", type: "email", label: words.envelopeFrom, help: words.envelopeFromHelp }}
        defaultValue={defaults.envelopeFrom}
        optional
      />
    </>
  );
}
