import { eq } from "drizzle-orm";
import { campaigns } from "../db/schema/campaigns.ts";
import { createCampaign } from "../lib/campaigns/create.ts";
import { launch } from "../lib/campaigns/launch.ts";
import type { Services } from "../lib/services.ts";
import type { Scene } from "../tests/support/sending.ts";

const SECTIONS = 8;
const FIELDS = ["contact.first_name", "contact.name", "list.name", "consent.date", "campaign.subject", "org.name"];
const WORDS =
  "Questo mese in libreria: tre novità, due incontri con chi scrive e una sera di letture ad alta voce. Perché si può venire anche senza prenotare, e c’è posto per tutti quelli che amano la carta. ";

/** A newsletter as people send them: eight sections of MJML, six fields merged per person, personal links and the legal footer. */
function mjml(): string {
  const section = (n: number) => `<mj-section background-color="#ffffff"><mj-column>
    <mj-text font-size="20px">Capitolo ${n}${n < FIELDS.length ? ` per {{ ${FIELDS[n]} }}` : ""}</mj-text>
    <mj-text>${WORDS.repeat(3)}</mj-text>
    <mj-button href="https://libreria.example/capitolo/${n}">Leggi tutto</mj-button>
  </mj-column></mj-section>`;
  return `<mjml><mj-body>${Array.from({ length: SECTIONS }, (_, n) => section(n)).join("\n")}</mj-body></mjml>`;
}

/** Launches it as the page does: checked, compiled once, frozen by hash. */
export async function launchReal(s: Services, o: { scene: Scene }): Promise<string> {
  const { who } = o.scene;
  const campaign = await createCampaign(s, { who, from: "news", name: "Misura" });
  await s.db
    .update(campaigns)
    .set({ mjml: mjml(), subject: "Il mese, {{ contact.first_name | default: 'lettrice' }}" })
    .where(eq(campaigns.id, campaign));
  await launch(s, { who, campaign, version: 1 });
  return campaign;
}
