import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale } from "next-intl/server";
import { readConfig } from "../../lib/config.ts";
import { Shell } from "../_ui/shell.tsx";
import { CampaignSample } from "./campaign-sample.tsx";
import { ControlSamples } from "./control-samples.tsx";
import { FormSamples } from "./form-samples.tsx";
import { sayIn } from "./say.ts";
import { StateSamples } from "./state-samples.tsx";
import { TableSamples } from "./table-samples.tsx";

export const metadata: Metadata = { title: "Kit" };

/** Every component in each of its states: how to use them, and what they look like in both themes. For development. */
export default async function KitPage() {
  if (process.env.NODE_ENV === "production" && !readConfig().ASSENSO_KIT) notFound();
  const locale = await getLocale();
  const say = sayIn(locale);
  const groups = [
    { links: [{ href: "/kit", label: say("Tutti i pezzi", "All the pieces"), count: "42" }] },
    {
      title: say("Persone", "People"),
      links: [
        { href: "/kit#tables", label: say("Contatti", "Contacts"), count: say("2.964", "2,964") },
        { href: "/kit#forms", label: say("Moduli e campi", "Forms and fields") },
      ],
    },
  ];
  return (
    <Shell
      groups={groups}
      user={{ name: "Giulia Bianchi", email: "giulia.bianchi@negozio.example" }}
      organization={{ id: "a", name: "Negozio Bianchi S.r.l." }}
      organizations={[
        { id: "a", name: "Negozio Bianchi S.r.l." },
        { id: "b", name: "Associazione Orti Urbani di Torino" },
      ]}
      switchOrganization={nothing}
      signOut={nothing}
      sending={[{ id: "1", name: say("Avvisi soci", "Member notices") }]}
      sandboxHref="/kit#states"
    >
      <CampaignSample say={say} />
      <TableSamples say={say} />
      <FormSamples say={say} />
      <ControlSamples say={say} locale={locale === "it" ? "it" : "en"} />
      <StateSamples say={say} />
    </Shell>
  );
}

async function nothing() {
  "use server";
}
