export const HINTS = [
  "clearPassword",
  "port465",
  "tlsElsewhere",
  "port25",
  "port8081",
  "byAddress",
  "nothingEncrypted",
] as const;
export type Hint = (typeof HINTS)[number];

type Choices = { port: number; encryption: "none" | "starttls" | "tls"; auth: "none" | "password" | "oauth2" };

/** What the choices of port, encryption and sign-in mean together, and what of it will not work. */
export function hints({ port, encryption, auth }: Choices): Hint[] {
  return [
    ...(encryption === "none" && auth === "password" ? (["clearPassword"] as const) : []),
    ...(encryption === "none" && auth === "none" ? (["nothingEncrypted"] as const) : []),
    ...(port === 465 && encryption !== "tls" ? (["port465"] as const) : []),
    ...(encryption === "tls" && port !== 465 ? (["tlsElsewhere"] as const) : []),
    ...(port === 25 ? (["port25"] as const) : []),
    ...(port === 8081 ? (["port8081"] as const) : []),
    ...(auth === "none" ? (["byAddress"] as const) : []),
  ];
}
