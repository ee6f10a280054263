import type { Engine } from "../../lib/delivery/engine.ts";

/** Somebody launched, resumed, confirmed or changed something: the engine looks now. The id is of no concern, the rows say what is due. */
export const ring = (engine: Engine) => async (): Promise<void> => engine.ring();
