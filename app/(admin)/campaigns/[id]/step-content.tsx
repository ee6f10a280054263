import type { CampaignPage } from "../../../../lib/campaigns/page.ts";
import { VARIABLES } from "../../../../lib/templates/variables.ts";
import { hasRight } from "../../../../lib/users/roles.ts";
import type { SignedIn } from "../../../_server/session.ts";
import { Note } from "../../../_ui/layout.tsx";
import { Link } from "../../../_ui/link.tsx";
import { saveContent, sendTest } from "./actions.ts";
import { Conflict } from "./conflict.tsx";
import { Editor } from "./editor.tsx";
import { PreviewPane } from "./preview-pane.tsx";
import { TestForm } from "./test-form.tsx";

type Props = { signed: SignedIn; page: CampaignPage; view?: string; contact?: string };

/** What it says: fields and code on the left, the mail as it will arrive on the right. */
export function StepContent({ signed, page, view = "desktop", contact }: Props) {
  const { t, who, user } = signed;
  const shown = (["desktop", "phone", "dark", "plain"] as const).find((one) => one === view) ?? "desktop";
  const preview = <PreviewPane view={shown} {...(contact ? { contact } : {})} />;
  if (!hasRight(who, "campaigns.write")) return preview;
  return (
    <>
      <Conflict />
      <div className="grid items-start gap-7 lg:grid-cols-2">
        <div className="min-w-0 space-y-7">
          <Editor action={saveContent} fields={mergeFields(t)} />
          <TestForm action={sendTest} campaign={page.campaign.id} label={t("campaigns.test.send", { to: user.email })}>
            <Note>{t("campaigns.test.about")}</Note>
          </TestForm>
        </div>
        <div className="min-w-0">
          {contact && (
            <p className="mb-2 text-table">
              {t("campaigns.preview.asContact")}{" "}
              <Link href={`/campaigns/${page.campaign.id}?step=content`}>{t("campaigns.preview.asInvented")}</Link>
            </p>
          )}
          {preview}
        </div>
      </div>
    </>
  );
}

/** What may be printed, with its words; what a person may lack comes with a fallback. */
function mergeFields(t: SignedIn["t"]) {
  return VARIABLES.map((name) => {
    const key = `campaigns.mergeFields.${name.replace(".", "_")}`;
    const spare = name.startsWith("contact.") ? ` | default: "${t("campaigns.mergeFields.spare")}"` : "";
    return { label: t(key), code: `{{ ${name}${spare} }}` };
  });
}
