"use server";
import { z } from "zod";
import { changePassword } from "../../../lib/users/change-password.ts";
import { chooseNotices } from "../../../lib/users/notice-choices.ts";
import { NOTICE_KIND_NAMES, type NoticeKind } from "../../../lib/users/notice-kinds.ts";
import { NewPassword, Profile } from "../../../lib/users/person.ts";
import { updateProfile } from "../../../lib/users/update-profile.ts";
import { action } from "../../_server/action.ts";
import { translator } from "../../_server/translate.ts";

/** Said in the language that was just chosen. */
export const save = action(Profile, null, async ({ s, who, organization }, profile) => {
  await updateProfile(s, { who, profile });
  return translator(profile.locale, organization.timeZone, s.log)("profile.saved");
});

/** Which notices come by mail. */
export const notices = action(
  z.strictObject({ kinds: z.array(z.enum(NOTICE_KIND_NAMES as [NoticeKind, ...NoticeKind[]])).default([]) }),
  null,
  async ({ s, who, t }, { kinds }) => {
    await chooseNotices(s, { who, kinds });
    return t("profile.noticesSaved");
  },
);

const Password = z.strictObject({
  /** Only there for password managers, which want to know whose it is. */
  username: z.string().max(400).optional(),
  currentPassword: z.string().min(1, "REQUIRED").max(1000, "TOO_LONG"),
  password: NewPassword,
});

export const password = action(Password, null, async ({ s, who, session, origin, t }, input) => {
  const network = origin.network ? { network: origin.network } : {};
  await changePassword(s, { who, session, current: input.currentPassword, password: input.password, ...network });
  return t("profile.changed");
});
