"use client";
import { FoldedFields } from "../../_ui/folded-fields.tsx";
import { Select } from "../../_ui/select.tsx";
import { NumberField, TextField } from "../../_ui/text-field.tsx";
import { DomainRows } from "./domain-rows.tsx";
import type { PartProps } from "./form-route.tsx";

/** More a day over a shared server wants a reason; the verb judges by the same figure. */
const SHARED_MOST = 300;
const GRID = "grid max-w-text gap-5 sm:grid-cols-2";

/** How much may leave: the usual limits in sight, the others folded. */
export function FormLimits({ now, set, words, ramp }: PartProps & { ramp: boolean }) {
  const over = now.kind === "shared" && (now.perDay ?? Number.POSITIVE_INFINITY) > SHARED_MOST;
  return (
    <>
      <p className="max-w-text text-note text-ink-2">{words.limitsHelp}</p>
      <div className={GRID}>
        <NumberField
          {...{ name: "perDay", label: words.perDay, after: words.messages, optional: now.kind !== "provider" }}
          defaultValue={now.perDay ?? ""}
          onChange={(event) => set({ perDay: Number(event.currentTarget.value.replace(/\D/g, "")) || null })}
        />
        <Select
          name="dayWindow"
          label={words.dayWindow}
          defaultValue={now.dayWindow}
          options={(["calendar", "rolling"] as const).map((value) => ({ value, label: words[value] }))}
        />
        <NumberField
          {...{ name: "perHour", label: words.perHour, after: words.messages, optional: true }}
          defaultValue={now.perHour ?? ""}
        />
        <NumberField
          {...{ name: "reserve", label: words.reserve, help: words.reserveHelp, after: words.messages }}
          defaultValue={now.reserve}
        />
      </div>
      <div hidden={!over}>
        <TextField
          {...{ name: "overLimitReason", label: words.overLimit, help: words.overLimitHelp, maxLength: 500 }}
          defaultValue={now.overLimitReason ?? ""}
        />
      </div>
      <FoldedFields title={words.ramp} names={["rampFirst", "rampFrom"]} open={ramp || now.rampFirst !== null}>
        <p className="max-w-text text-note text-ink-2">{words.rampHelp}</p>
        <div className={GRID}>
          <NumberField name="rampFirst" label={words.rampFirst} defaultValue={now.rampFirst ?? ""} optional />
          <TextField name="rampFrom" type="date" label={words.rampFrom} defaultValue={now.rampFrom ?? ""} optional />
        </div>
      </FoldedFields>
      <FoldedFields
        title={words.moreLimits}
        names={["perMinute", "perSecond", "connections", "messagesPerConnection", "domainLimits"]}
      >
        <div className={GRID}>
          <NumberField
            {...{ name: "perMinute", label: words.perMinute, after: words.messages, optional: true }}
            defaultValue={now.perMinute ?? ""}
          />
          <NumberField
            {...{ name: "perSecond", label: words.perSecond, after: words.messages, optional: true }}
            defaultValue={now.perSecond ?? ""}
          />
          <NumberField
            {...{ name: "connections", label: words.connections, help: words.connectionsHelp }}
            defaultValue={now.connections}
          />
          <NumberField
            {...{ name: "messagesPerConnection", label: words.perConnection, help: words.perConnectionHelp }}
            after={words.messages}
            defaultValue={now.messagesPerConnection}
          />
        </div>
        <DomainRows of={now.domainLimits} words={words} />
      </FoldedFields>
    </>
  );
}
