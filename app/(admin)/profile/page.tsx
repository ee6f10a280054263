import type { Metadata } from "next";
import { noticeChoices } from "../../../lib/users/notice-choices.ts";
import { NOTICE_KIND_NAMES } from "../../../lib/users/notice-kinds.ts";
import { signedIn } from "../../_server/session.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Checkbox, FieldGroup, Radio } from "../../_ui/choices.tsx";
import { Section, Sheet, SheetPart } from "../../_ui/layout.tsx";
import { PageHead } from "../../_ui/page-head.tsx";
import { PasswordField } from "../../_ui/password-field.tsx";
import { SubmitButton } from "../../_ui/submit-button.tsx";
import { TextField } from "../../_ui/text-field.tsx";
import { notices, password, save } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("profile.title") };
}

/** One's own: name, how the screens look, password. */
export default async function ProfilePage() {
  const { s, user, who, t, organization } = await signedIn();
  const chosen = await noticeChoices(s, { who });
  const roles = [...who.roles, ...(who.operator ? (["operator"] as const) : [])];
  const choices = (name: "theme" | "density" | "locale", values: readonly string[], from: string) => (
    <Radio
      name={name}
      label={t(`profile.${name}`)}
      defaultValue={user[name]}
      choices={values.map((value) => ({ value, label: t(`${from}.${value}`) }))}
    />
  );
  return (
    <>
      <PageHead
        title={user.name}
        state={t("profile.state", {
          email: user.email,
          roles: roles.map((role) => t(`roles.${role}.name`)).join(", "),
        })}
      />
      <Section title={t("profile.you")}>
        <Sheet>
          <SheetPart>
            <ActionForm action={save} id="profile">
              <TextField
                name="name"
                label={t("setup.you.name")}
                defaultValue={user.name}
                autoComplete="name"
                required
              />
              {choices("locale", ["it", "en"], "ui.languages")}
              {choices("theme", ["auto", "light", "dark"], "ui.themes")}
              {choices("density", ["comfortable", "compact"], "profile.densities")}
              <SubmitButton>{t("profile.save")}</SubmitButton>
            </ActionForm>
          </SheetPart>
        </Sheet>
      </Section>
      <Section title={t("profile.notices")}>
        <Sheet>
          <SheetPart>
            <ActionForm action={notices} id="notices">
              <FieldGroup
                name="kinds"
                label={t("profile.notices")}
                help={t("profile.noticesAbout", { email: user.email, organization: organization.name })}
              >
                {NOTICE_KIND_NAMES.map((kind) => (
                  <Checkbox key={kind} name="kinds[]" value={kind} defaultChecked={chosen[kind]} grouped>
                    {t(`profile.noticeKinds.${kind}`)}
                  </Checkbox>
                ))}
              </FieldGroup>
              <SubmitButton>{t("profile.noticesSave")}</SubmitButton>
            </ActionForm>
          </SheetPart>
        </Sheet>
      </Section>
      <Section title={t("access.password")}>
        <Sheet>
          <SheetPart>
            <ActionForm action={password} id="password" clears>
              <input type="text" name="username" autoComplete="username" defaultValue={user.email} hidden readOnly />
              <PasswordField
                name="currentPassword"
                label={t("profile.current")}
                autoComplete="current-password"
                required
              />
              <PasswordField
                name="password"
                label={t("access.newPassword")}
                help={`${t("access.passwordHelp")} ${t("profile.others")}`}
                autoComplete="new-password"
                required
              />
              <SubmitButton>{t("profile.change")}</SubmitButton>
            </ActionForm>
          </SheetPart>
        </Sheet>
      </Section>
    </>
  );
}
