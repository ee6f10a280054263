// A process of its own that leaves by a link: argv = database URL, data folder, token. Says when the journal is about to be followed by the database.
import { readConfig } from "../../lib/config.ts";
import { leave } from "../../lib/consent/leave.ts";
import { openProcess } from "../../lib/process.ts";

const [url = "", home = "", token = ""] = process.argv.slice(2);
const { s } = await openProcess(
  readConfig({ DATABASE_URL: url, ASSENSO_HOME: home, PUBLIC_URL: "https://news.example.it" }),
  "web",
  () => new Date(),
);
const write = s.journal.write.bind(s.journal);
s.journal.write = async (fact) => {
  const n = await write(fact);
  process.send?.("journaled");
  return n;
};
process.send?.("ready");
await leave(s, { token, scope: "list", method: "one_click_post", request: {} });
process.send?.("answered");
