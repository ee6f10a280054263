"use client";
import { useState } from "react";
import { Checkbox, type Choice, FieldGroup, Radio } from "../../../_ui/choices.tsx";
import { NumberField } from "../../../_ui/text-field.tsx";

type Props = {
  split: string;
  servers: { id: string; name: string; about: string; part: string; weight: number | null }[];
  splits: Choice[];
  words: { servers: string; split: string };
};

/** The servers as boxes, how they share a campaign, and the part of each where that is by parts. */
export function RoutesFields({ split, servers, splits, words }: Props) {
  const [chosen, setChosen] = useState(split);
  const [ticked, setTicked] = useState(() => new Set(servers.filter((one) => one.weight !== null).map(({ id }) => id)));
  const tick = (id: string, on: boolean) =>
    setTicked((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <>
      <FieldGroup name="servers" label={words.servers}>
        {servers.map(({ id, name, about, weight }) => (
          <Checkbox
            key={id}
            {...{ name: "servers[]", value: id, help: about, grouped: true }}
            defaultChecked={weight !== null}
            onChange={(on) => tick(id, on)}
          >
            {name}
          </Checkbox>
        ))}
      </FieldGroup>
      <Radio name="split" label={words.split} choices={splits} defaultValue={split} onChange={setChosen} />
      {chosen === "weight" && (
        <div className="flex flex-wrap gap-x-5 gap-y-4">
          {servers.map(({ id, part, weight }) => (
            // The part of one that is not chosen is hidden, not lost, and not posted.
            <fieldset key={id} hidden={!ticked.has(id)} disabled={!ticked.has(id)}>
              <NumberField name={`weight.${id}`} label={part} required defaultValue={weight ?? 1} />
            </fieldset>
          ))}
        </div>
      )}
    </>
  );
}
