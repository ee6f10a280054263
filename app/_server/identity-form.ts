import { z } from "zod";
import { missingTokens } from "../../lib/notices/words/missing.ts";
import { Identity } from "../../lib/organizations/identity.ts";

const { processors, ...shape } = Identity.shape;
const column = z.array(z.string()).max(30, "TOO_MANY").default([]);

/** Who writes, as the form posts it: processors are three columns, and rows without name and country are none. */
export const IdentityForm = z
  .strictObject({ ...shape, processorName: column, processorCountry: column, processorSafeguard: column })
  .transform(({ processorName, processorCountry, processorSafeguard, ...rest }, context) => {
    const rows = processorName
      .map((name, i) => ({ name, country: processorCountry[i] ?? "", safeguard: processorSafeguard[i] ?? "" }))
      .filter((row) => (row.name + row.country + row.safeguard).trim() !== "");
    const read = processors.safeParse(rows);
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", path: ["processors"], message });
      return z.NEVER;
    };
    if (!read.success) return refuse("PROCESSOR");
    const identity = { ...rest, processors: read.data };
    // Outside the EEA nothing could be published without the safeguard (CC-03): said here, where it is typed.
    if (missingTokens({ organization: identity }).some((name) => name.startsWith("processors.")))
      return refuse("SAFEGUARD");
    return identity;
  });
