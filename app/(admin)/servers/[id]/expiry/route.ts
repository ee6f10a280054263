import { appNow } from "../../../../../lib/clock.ts";
import { NotFound } from "../../../../../lib/errors.ts";
import { expiryCalendar } from "../../../../../lib/servers/expiry-calendar.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { fileRoute } from "../../../../_server/file-route.ts";

/** The last day of a server's service, for a calendar. */
export const GET = fileRoute<{ id: string }>(async ({ s, who, t }, { id }) => {
  const server = await findServer(s, { who, server: id });
  if (!server.expiresOn) throw new NotFound("server");
  const body = expiryCalendar({
    ...{ server: server.id, expiresOn: server.expiresOn, at: await appNow(s.db) },
    title: t("serverScreens.expiry.event", { name: server.name }),
    text: [t("serverScreens.expiry.eventAbout"), server.renewUrl].filter(Boolean).join("\n"),
    url: `${s.config.APP_URL}/servers/${server.id}`,
  });
  return { name: `${server.name}-${server.expiresOn}.ics`, type: "text/calendar; charset=utf-8", body };
});
