import type { Kind } from "./hygiene.ts";

/** No script, no other host, no frame (reliability: pages that people reach with a link). Pages of staff get theirs, with a nonce, in proxy.ts. */
const BARE_CSP = [
  ...["default-src 'none'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "form-action 'self'"],
  ...["base-uri 'none'", "frame-ancestors 'none'"],
].join("; ");

const NOTHING_ALLOWED = [
  "accelerometer",
  "autoplay",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
]
  .concat([
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
  ])
  .map((feature) => `${feature}=()`)
  .join(", ");

/**
 * What every answer carries where its route says nothing else. By route, not by host: staff and subscribers may share one.
 *
 * @param https whether this route is reached over https
 */
export function securityHeaders(kind: Kind, https: boolean): Record<string, string> {
  return {
    "Content-Security-Policy": BARE_CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": kind === "public" ? "no-referrer" : "strict-origin-when-cross-origin",
    "Permissions-Policy": NOTHING_ALLOWED,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    ...(kind === "static" ? {} : { "Cache-Control": "no-store" }),
    ...(https ? { "Strict-Transport-Security": "max-age=63072000; includeSubDomains" } : {}),
  };
}
