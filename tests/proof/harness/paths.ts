/** Where the built processes of this run lie; set once, before the first fault. */
export const paths = { worker: "", web: "", cli: "", sink: "" };
