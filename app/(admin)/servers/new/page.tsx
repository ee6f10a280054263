import type { Metadata } from "next";
import { signedIn } from "../../../_server/session.ts";
import { Breadcrumb } from "../../../_ui/breadcrumb.tsx";
import { Sheet, SheetPart } from "../../../_ui/layout.tsx";
import { PageHead } from "../../../_ui/page-head.tsx";
import { addServer } from "../actions.ts";
import { PROPOSALS } from "../proposals.ts";
import { ServerForm } from "../server-form.tsx";
import { serverWords } from "../server-words.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await signedIn()).t("serverScreens.add") };
}

/** A new sending server; nothing leaves through it before its test and a press on another page. */
export default async function NewServerPage() {
  const { t, user, organization } = await signedIn("servers.write");
  return (
    <>
      <PageHead
        above={<Breadcrumb of={[{ href: "/servers", label: t("serverScreens.title") }]} />}
        title={t("serverScreens.add")}
        state={t("serverScreens.newAbout")}
      />
      <Sheet className="max-w-3xl">
        <SheetPart>
          <ServerForm
            action={addServer}
            words={serverWords(t)}
            defaults={{
              ...{
                kind: "shared",
                name: "",
                host: "",
                port: 587,
                encryption: "starttls",
                auth: "password",
                username: "",
              },
              ...{ fromName: organization.name, fromAddress: user.email, envelopeFrom: "" },
              ...PROPOSALS.shared,
            }}
          />
        </SheetPart>
      </Sheet>
    </>
  );
}
