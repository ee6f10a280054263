import type { ServerView } from "../../../../lib/servers/types.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Section, Sheet } from "../../../_ui/layout.tsx";

/** The description of a server, for those who see it and do not change it. */
export function ServerFacts({ signed: { t, format }, server }: { signed: SignedIn; server: ServerView }) {
  const word = (key: string) => t(`serverScreens.form.${key}`);
  const limits = (["perDay", "perHour", "perMinute", "perSecond"] as const).flatMap((unit) => {
    const n = server[unit];
    return n === null ? [] : [`${word(unit)}: ${format.number(n)}`];
  });
  const auth = { password: "byPassword", none: "byAddress", oauth2: "byOauth" }[server.auth];
  return (
    <Section title={t("serverScreens.settings")}>
      <Sheet>
        <Facts>
          <Fact term={word("host")}>{`${server.host}, ${word("port").toLowerCase()} ${server.port}`}</Fact>
          <Fact term={word("encryption")}>{word(server.encryption)}</Fact>
          <Fact term={word("auth")}>{word(auth)}</Fact>
          <Fact term={word("fromAddress")}>{`${server.fromName} <${server.fromAddress}>`}</Fact>
          <Fact term={word("limits")}>{limits.join(" · ") || t("serverScreens.noLimits")}</Fact>
          <Fact term={word("hours")}>
            {t("serverScreens.hoursOf", {
              from: `${server.hourFrom}:00`,
              to: `${server.hourTo}:00`,
              zone: server.zone,
            })}
          </Fact>
        </Facts>
      </Sheet>
    </Section>
  );
}
