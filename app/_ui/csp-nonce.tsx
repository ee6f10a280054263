"use client";
import { useState } from "react";

/**
 * The nonce of the document as it was loaded, where React Aria and the editor look for it. A refresh of the page brings the nonce of another
 * answer, which this document's policy does not know: the first one stays.
 */
export function CspNonce({ nonce }: { nonce: string }) {
  const [first] = useState(nonce);
  return <meta property="csp-nonce" nonce={first} content="" />;
}
