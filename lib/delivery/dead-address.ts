import { NotFound } from "../errors.ts";
import { suppressAddress } from "../suppression/suppress.ts";
import type { World } from "./world.ts";

/** A server says that an address does not exist (5.1.x): nothing more goes there, in any campaign. */
export const deadAddress: World["deadAddress"] = async (s, o) => {
  try {
    await suppressAddress(s, {
      organization: o.organization,
      contact: o.contact,
      reason: "hard_bounce",
      method: "smtp",
      actor: { type: "system" },
      note: o.reply,
    });
  } catch (error) {
    // Erased between the hand-off and the answer: nobody is left to suppress.
    if (!(error instanceof NotFound)) throw error;
  }
};
