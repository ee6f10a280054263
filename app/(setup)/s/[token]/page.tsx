import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { showSetup } from "../../../../lib/users/show-setup.ts";
import { visitor } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { PasswordField } from "../../../_ui/password-field.tsx";
import { Select } from "../../../_ui/select.tsx";
import { BarePage } from "../../../_ui/shell.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { SetUpSteps } from "../../set-up-steps.tsx";
import { setUp } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await visitor()).t("setup.you.title") };
}

/** First run, first page: who installs it. Opening the link changes nothing; it is used by the form. */
export default async function YouPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const { s, t, locale } = await visitor();
  if (!(await showSetup(s, { token }))) notFound();
  return (
    <BarePage>
      <SetUpSteps current={1} />
      <PageHead title={t("setup.you.title")} state={t("setup.you.about")} />
      <Sheet>
        <SheetPart>
          <ActionForm action={setUp} id="you">
            <input type="hidden" name="token" value={token} />
            <TextField
              name="name"
              label={t("setup.you.name")}
              help={t("setup.you.nameHelp")}
              autoComplete="name"
              required
              autoFocus
            />
            <TextField
              name="email"
              label={t("setup.you.email")}
              help={t("setup.you.emailHelp")}
              type="email"
              autoComplete="username"
              required
            />
            <PasswordField
              name="password"
              label={t("setup.you.password")}
              help={t("access.passwordHelp")}
              autoComplete="new-password"
              required
            />
            <Select
              name="locale"
              label={t("profile.locale")}
              help={t("setup.you.localeHelp")}
              defaultValue={locale}
              options={(["it", "en"] as const).map((value) => ({ value, label: t(`ui.languages.${value}`) }))}
              className="sm:max-w-96"
            />
            <SubmitButton>{t("setup.next")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </BarePage>
  );
}
