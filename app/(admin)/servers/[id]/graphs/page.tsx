import type { Metadata } from "next";
import { RANGES, type Range, SERIES, serverGraphs } from "../../../../../lib/delivery/server-graphs.ts";
import { findServer } from "../../../../../lib/servers/find.ts";
import { found, signedIn } from "../../../../_server/session.ts";
import { LinkButton } from "../../../../_ui/button.tsx";
import { DataTable } from "../../../../_ui/data-table.tsx";
import { Section, Sheet, SheetPart } from "../../../../_ui/layout.tsx";
import { Tabs } from "../../../../_ui/tabs.tsx";
import { ServerHead } from "../server-head.tsx";
import { LineGraph } from "./line-graph.tsx";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ range?: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.graphs.title") };
}

/** Queue and outcomes over a day, a week, a month, a year; each picture with its figures beside it. */
export default async function GraphsPage({ params, searchParams }: Props) {
  const signed = await signedIn("servers.see");
  const { s, who, t, format } = signed;
  const [{ id }, search] = [await params, await searchParams];
  const server = await found(findServer(s, { who, server: id }));
  const ranges = Object.keys(RANGES) as Range[];
  const range = ranges.find((one) => one === search.range) ?? "day";
  const { points, summary } = await serverGraphs(s, { who, server: id, range });
  const known = points.some((point) => point.queue !== null);
  return (
    <>
      <ServerHead
        {...{ signed, server }}
        current="graphs"
        actions={<LinkButton href={`/servers/${id}/graphs/csv?range=${range}`}>{t("campaigns.report.csv")}</LinkButton>}
      />
      <Tabs
        label={t("serverScreens.graphs.range")}
        of={ranges.map((one) => ({
          href: `/servers/${id}/graphs?range=${one}`,
          label: t(`serverScreens.graphs.ranges.${one}`),
          current: one === range,
        }))}
      />
      {!known && <p className="mb-4 max-w-text">{t("serverScreens.graphs.none")}</p>}
      {SERIES.map((series) => (
        <Section key={series} title={t(`serverScreens.graphs.series.${series}`)}>
          <Sheet>
            <SheetPart>
              <LineGraph
                points={points.map((point) => ({ at: point.at, value: point[series] }))}
                label={t("serverScreens.graphs.says", {
                  what: t(`serverScreens.graphs.series.${series}`),
                  most: summary[series].most,
                  now: summary[series].now,
                })}
                ends={[format.short(points[0]?.at ?? new Date(0)), format.short(points.at(-1)?.at ?? new Date(0))]}
                most={t(`serverScreens.graphs.most.${series === "queue" ? "queue" : range}`, {
                  n: summary[series].most,
                })}
              />
            </SheetPart>
          </Sheet>
        </Section>
      ))}
      <Section title={t("serverScreens.graphs.figures")}>
        <DataTable
          caption={t("serverScreens.graphs.figures")}
          rows={SERIES}
          rowKey={(series) => series}
          columns={[
            {
              ...{ key: "what", main: true, head: t("serverScreens.graphs.what") },
              cell: (series) => t(`serverScreens.graphs.series.${series}`),
            },
            ...(["now", "mean", "most", "total"] as const).map((key) => ({
              ...{ key, numeric: true, head: t(`serverScreens.graphs.heads.${key}`) },
              cell: (series: (typeof SERIES)[number]) => {
                const figure = summary[series][key];
                return figure === null ? "–" : format.number(figure, key === "mean" ? 1 : 0);
              },
            })),
          ]}
        />
      </Section>
    </>
  );
}
