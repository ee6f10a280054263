/** What a person can put right: `message` is one clear sentence, shown without a stack. */
export class Problem extends Error {
  name = "Problem";
}

/** The sentence for a fault of the operating system, or undefined when there is none better than the fault itself. */
export function sentenceFor(/** @type {unknown} */ error, /** @type {string} */ place) {
  const text = String(/** @type {{code?: string}} */ (error)?.code ?? "") + String(error);
  if (/ENOSPC|No space left on device/.test(text))
    return `The disk is full: free some space for ${place} and start again.`;
  if (/EROFS|Read-only file system/.test(text))
    return `${place} lies on a read-only file system: choose another folder with ASSENSO_HOME.`;
  if (/EACCES|EPERM|Permission denied/.test(text))
    return `${place} may not be written by this user: give it to this user, or choose another folder with ASSENSO_HOME.`;
  return undefined;
}
