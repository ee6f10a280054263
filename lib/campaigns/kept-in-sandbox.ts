/** Where the sandbox kept a message, by its reply; undefined for a reply of any other server, which is shown word for word. */
export function keptInSandbox(reply: string): string | undefined {
  return /^(?:250 )?(?:2\.0\.0 )?kept as ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(reply)?.[1];
}
