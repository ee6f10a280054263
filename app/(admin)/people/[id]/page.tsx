import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { listPeople, type Person } from "../../../../lib/users/list-people.ts";
import { ROLES } from "../../../../lib/users/roles.ts";
import { found, type SignedIn, signedIn } from "../../../_server/session.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Checkbox, FieldGroup } from "../../../_ui/choices.tsx";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Section, Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { Actions, PageHead } from "../../../_ui/page-head.tsx";
import { SubmitButton } from "../../../_ui/submit-button.tsx";
import { change, disable, enable, remove } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("people.title") };
}

export default async function PersonPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const me = await signedIn("people.write");
  const { s, who, t, organization } = me;
  const { people } = await found(listPeople(s, { who }));
  const person = people.find((one) => one.id === id);
  if (!person) notFound();
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/people", label: t("people.title") }]} />}
        title={person.name}
        state={standOf(person, me)}
      />
      <Sheet>
        <SheetPart>
          <ActionForm action={change} id="roles">
            <input type="hidden" name="user" value={person.id} />
            <FieldGroup
              name="roles"
              label={t("people.rolesIn", { organization: organization.name })}
              help={t("people.rolesHelp")}
            >
              {ROLES.map((role) => (
                <Checkbox
                  key={role}
                  name="roles[]"
                  value={role}
                  help={t(`roles.${role}.does`)}
                  defaultChecked={person.roles.includes(role)}
                  grouped
                >
                  {t(`roles.${role}.name`)}
                </Checkbox>
              ))}
            </FieldGroup>
            <SubmitButton>{t("people.save")}</SubmitButton>
          </ActionForm>
        </SheetPart>
      </Sheet>
      <Section title={t("people.access")}>
        <Access person={person} me={me} />
      </Section>
    </>
  );
}

function standOf(person: Person, { t, format }: SignedIn): string {
  if (person.disabledAt)
    return t("people.disabledSince", { email: person.email, at: format.instant(person.disabledAt) });
  return t("people.activeAs", { email: person.email });
}

function Access({ person, me: { t, organization } }: { person: Person; me: SignedIn }) {
  const values = { user: person.id };
  if (person.disabledAt) {
    return (
      <ActionForm action={enable} id="enable">
        <input type="hidden" name="user" value={person.id} />
        <SubmitButton look="plain">{t("people.enable")}</SubmitButton>
      </ActionForm>
    );
  }
  return (
    <Actions>
      {!person.you && (
        <ConfirmDialog
          open={t("people.disable.open")}
          title={t("people.disable.title", { name: person.name })}
          action={disable}
          values={values}
          confirm={t("people.disable.confirm")}
        >
          <p>{t("people.disable.about", { name: person.name })}</p>
        </ConfirmDialog>
      )}
      <ConfirmDialog
        open={t("people.remove.open")}
        title={t("people.remove.title", { name: person.name })}
        action={remove}
        values={values}
        confirm={t("people.remove.confirm")}
      >
        <p>{t("people.remove.about", { name: person.name, organization: organization.name })}</p>
      </ConfirmDialog>
    </Actions>
  );
}
