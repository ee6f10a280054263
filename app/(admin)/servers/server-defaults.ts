import { PRESETS, type Preset, presetOf, proposedHost } from "../../../lib/servers/presets.ts";
import type { ServerView } from "../../../lib/servers/types.ts";
import type { Proposals, ServerDefaults } from "./server-form.tsx";

/** Hours, days and service of a new server: always, and nothing known. */
const PLAIN = {
  ...{ dayWindow: "calendar", weekdays: 127, hourFrom: 0, hourTo: 24, restHolidays: false, domainLimits: [] },
  ...{ messagesPerConnection: 100, rampFirst: null, rampFrom: null, overLimitReason: null },
  ...{ expiresOn: null, renewUrl: null, ips: [], username: "", envelopeFrom: "" },
} as const;

type Limits = Proposals[ServerDefaults["kind"]];

/** The limits that a preset proposes, whole. */
function limitsOf({ limits }: Preset): Limits {
  const { perSecond = null, perMinute = null, perHour = null, perDay = null, reserve = 0, connections } = limits;
  return { perSecond, perMinute, perHour, perDay, reserve, connections, dayWindow: limits.dayWindow ?? "calendar" };
}

/** What is proposed for a new server of a preset. */
export function newServer(preset: Preset, o: { name: string; email: string; zone: string }): ServerDefaults {
  return {
    ...PLAIN,
    ...limitsOf(preset),
    ...{ preset: preset.key, kind: preset.kind, host: proposedHost(preset, o.email), port: preset.ports[0] ?? 587 },
    ...{ encryption: preset.encryption, auth: preset.auth[0] ?? "password" },
    ...{ name: "", fromName: o.name, fromAddress: o.email, zone: o.zone, domainLimits: [], ips: [] },
  };
}

/** A server as the form shows it. */
export function savedServer(server: ServerView): ServerDefaults {
  const kind = server.kind === "sandbox" ? "dedicated" : server.kind;
  return { ...server, kind, preset: server.preset ?? "custom", username: server.username ?? "" };
}

/** What each kind proposes where a server is described by hand: the limits of the first preset of that kind. */
export function proposals(): Proposals {
  const of = (kind: ServerDefaults["kind"]) => {
    const preset = PRESETS.find((one) => one.kind === kind) ?? presetOf("custom");
    if (!preset) throw new Error("no preset");
    return limitsOf(preset);
  };
  return { shared: of("shared"), dedicated: of("dedicated"), provider: of("provider"), mailbox: of("mailbox") };
}
