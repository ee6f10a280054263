import type { Role } from "./roles.ts";

/** Who is calling, in which organization, as what. Made by the session (or a test); every signed-in verb takes one. */
export type Who = { user: string; organization: string; roles: readonly Role[]; operator: boolean };
