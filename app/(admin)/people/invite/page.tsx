import type { Metadata } from "next";
import { ROLES } from "../../../../lib/users/roles.ts";
import { signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Checkbox, FieldGroup, Radio } from "../../../_ui/choices.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { TextField } from "../../../_ui/text-field.tsx";
import { send } from "./actions.ts";
import { InvitationLink } from "./invitation-link.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("people.invite.title") };
}

export default async function InvitePage() {
  const { t, organization } = await signedIn("people.write");
  const ways = (["mail", "link"] as const).map((value) => ({ value, label: t(`people.invite.by.${value}`) }));
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/people", label: t("people.title") }]} />}
        title={t("people.invite.title")}
        state={t("people.invite.about", { organization: organization.name })}
      />
      <Sheet>
        <SheetPart>
          <ActionForm action={send} id="invite">
            <InvitationLink label={t("people.invite.link")} help={t("people.invite.linkHelp")} />
            <TextField name="email" label={t("access.email")} type="email" autoComplete="off" required />
            <FieldGroup name="roles" label={t("people.roles")}>
              {ROLES.map((role) => (
                <Checkbox key={role} name="roles[]" value={role} help={t(`roles.${role}.does`)} grouped>
                  {t(`roles.${role}.name`)}
                </Checkbox>
              ))}
            </FieldGroup>
            <Radio
              name="by"
              label={t("people.invite.how")}
              choices={ways}
              defaultValue={organization.live ? "mail" : "link"}
              {...(organization.live ? {} : { help: t("people.invite.sandbox") })}
            />
            <SubmitButton>{t("people.invite.button")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
    </>
  );
}
