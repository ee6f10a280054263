import type { ServerInput } from "./types.ts";

/** Groups of tiles, in the order of the page. `custom` is described by hand. */
export const PRESET_GROUPS = ["shared", "dedicated", "provider", "mailbox", "custom"] as const;
export type PresetGroup = (typeof PRESET_GROUPS)[number];

type Limits = Pick<ServerInput, "perSecond" | "perMinute" | "perHour" | "perDay" | "dayWindow" | "reserve"> & {
  connections: number;
};

/**
 * What is known of a kind of sending server. Its name stands under `servers.presets.names.<key>`, each of `notes` under `servers.presets.notes`.
 * Limits are proposals: the person changes them.
 */
export type Preset = {
  key: string;
  group: PresetGroup;
  kind: ServerInput["kind"];
  /** `{domain}`: that of the sender; empty: to be asked of the provider. */
  host: string;
  /** How the host looks where it must be filled in. */
  example?: string;
  /** The first is proposed, the others are worth a try. */
  ports: readonly number[];
  encryption: ServerInput["encryption"];
  /** The first is proposed; what is missing is not offered. */
  auth: readonly ServerInput["auth"][];
  limits: Limits;
  notes: readonly string[];
  /** Incoming mail of the same mailbox. */
  incoming?: { imap: number; pop3: readonly number[] };
  /** The service ends on a day that must be known. */
  expires?: true;
  /** A new address that should begin slowly. */
  ramp?: true;
  /** Where OAuth2 renews its access token. */
  oauth?: { host: string; path: string };
  /** No newsletter goes this way: `notes` say why. */
  refused?: true;
};

const OPEN: Limits = { perSecond: null, perMinute: null, perHour: null, perDay: null, reserve: 0, connections: 4 };
const FEW: Limits = { ...OPEN, perHour: 60, perDay: 250, reserve: 20, connections: 1 };
/** Counted by the provider over any 24 hours, not from midnight. */
const daily = (perDay: number): Limits => ({ ...OPEN, perDay, dayWindow: "rolling", reserve: 20, connections: 1 });
const ALL_AUTH = ["password", "none"] as const;

/** Connectivity providers: name and limits are those of the contract, so both are asked. */
const connectivity = (key: string): Preset => ({
  ...{ key, group: "provider", kind: "provider", host: "", ports: [587, 25, 465], encryption: "starttls" },
  ...{ auth: ALL_AUTH, limits: { ...OPEN, reserve: 0, connections: 1 } },
  notes: ["provider_limits", "provider_network"],
});

/** From the source document, corrected (ux.md §4.9), and from the providers' own pages. */
export const PRESETS: readonly Preset[] = [
  {
    ...{ key: "hosting", group: "shared", kind: "shared", host: "mail.{domain}", ports: [25, 8081] },
    ...{ encryption: "starttls", auth: ["password"], limits: FEW, incoming: { imap: 143, pop3: [110, 995] } },
    notes: ["aup", "port8081", "incoming_one_port"],
  },
  {
    ...{ key: "aruba", group: "shared", kind: "shared", host: "smtps.aruba.it", ports: [465] },
    ...{ encryption: "tls", auth: ["password"], limits: FEW, notes: ["aup", "own_mailbox", "limit_unknown"] },
  },
  {
    ...{ key: "register", group: "shared", kind: "shared", host: "authsmtp.{domain}", ports: [465, 587, 25] },
    ...{ encryption: "tls", auth: ["password"], limits: FEW, notes: ["aup", "verify", "limit_unknown"] },
  },
  {
    ...{ key: "newmedialabs", group: "dedicated", kind: "dedicated", host: "", ports: [25, 587, 8081] },
    ...{ example: "dedicate214.smtp.newmedialabs.it", encryption: "starttls", auth: ["none", "password"] },
    ...{ limits: OPEN, expires: true, ramp: true, notes: ["dedicated_host", "expiry", "panel_too", "ramp"] },
  },
  {
    ...{ key: "ses", group: "dedicated", kind: "dedicated", host: "", ports: [587, 465, 25], encryption: "starttls" },
    ...{ example: "email-smtp.eu-south-1.amazonaws.com", auth: ["password"] },
    ...{ limits: { ...daily(200), perSecond: 1 }, notes: ["ses_credentials", "ses_sandbox"] },
  },
  {
    ...{ key: "brevo", group: "dedicated", kind: "dedicated", host: "smtp-relay.brevo.com", ports: [587, 465, 2525] },
    ...{ encryption: "starttls", auth: ["password"], limits: daily(300), notes: ["brevo_key", "brevo_limit"] },
  },
  ...["tim", "vodafone", "windtre", "fastweb", "tiscali"].map(connectivity),
  {
    ...{ key: "gmail", group: "mailbox", kind: "mailbox", host: "smtp.gmail.com", ports: [465, 587] },
    ...{ encryption: "tls", auth: ["password", "oauth2"], limits: daily(400) },
    ...{ oauth: { host: "oauth2.googleapis.com", path: "/token" } },
    notes: ["gmail_password", "gmail_limit", "own_mailbox", "gmail_oauth"],
  },
  {
    ...{ key: "yahoo", group: "mailbox", kind: "mailbox", host: "smtp.mail.yahoo.com", ports: [465, 587] },
    ...{ encryption: "tls", auth: ["password"], limits: daily(400) },
    notes: ["yahoo_password", "limit_unknown", "own_mailbox"],
  },
  {
    ...{ key: "outlook", group: "mailbox", kind: "mailbox", host: "smtp-mail.outlook.com", ports: [587] },
    ...{ encryption: "starttls", auth: ["oauth2"], limits: daily(250) },
    ...{ oauth: { host: "login.microsoftonline.com", path: "/common/oauth2/v2.0/token" } },
    notes: ["outlook_password", "outlook_host", "outlook_oauth", "own_mailbox"],
  },
  {
    ...{ key: "libero", group: "mailbox", kind: "mailbox", host: "smtp.libero.it", ports: [465, 587] },
    ...{ encryption: "tls", auth: ["password"], limits: FEW, notes: ["verify", "limit_unknown", "own_mailbox"] },
  },
  {
    ...{ key: "pec", group: "mailbox", kind: "mailbox", host: "", ports: [465], encryption: "tls" },
    ...{ auth: ["password"], limits: OPEN, refused: true, notes: ["pec_refused", "pec_instead"] },
  },
  {
    ...{ key: "custom", group: "custom", kind: "shared", host: "", example: "mail.esempio.it", ports: [587, 465, 25] },
    ...{ encryption: "starttls", auth: ALL_AUTH, limits: FEW, notes: [] },
  },
];

/** The preset of a tile or of a server; undefined where it has none (any more). */
export function presetOf(key: string | null | undefined): Preset | undefined {
  return PRESETS.find((preset) => preset.key === key);
}

/** The host that is proposed for a sender; empty where only the provider knows it. */
export function proposedHost(preset: Preset, sender: string): string {
  const domain = sender.slice(sender.lastIndexOf("@") + 1).toLowerCase();
  // A mailbox of a large provider has no hosting of its own: "mail.gmail.com" would be a guess.
  const own = domain.includes(".") && !PRESETS.some(({ group, host }) => group === "mailbox" && host.endsWith(domain));
  if (!preset.host.includes("{domain}")) return preset.host;
  return own ? preset.host.replace("{domain}", domain) : "";
}

const PEC = /(^|\.)(pecs?|smtps?pec|legalmail|postacert|postecert|pecmail)\./;

/** Whether a host is one of certified mail (PEC), whose operators forbid bulk mail and whose answers to ordinary mailboxes are anomalies. */
export function isPecHost(host: string): boolean {
  return PEC.test(host.toLowerCase());
}
