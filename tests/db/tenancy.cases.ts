import { campaignApproval } from "../../lib/campaigns/approval.ts";
import { askApproval } from "../../lib/campaigns/ask-approval.ts";
import { audience, audienceRows } from "../../lib/campaigns/audience.ts";
import { calendar } from "../../lib/campaigns/calendar.ts";
import { cancel } from "../../lib/campaigns/cancel.ts";
import { changeSending } from "../../lib/campaigns/change-sending.ts";
import { chooseServers, serverChoices } from "../../lib/campaigns/choose-servers.ts";
import { createCampaign, hasCampaigns } from "../../lib/campaigns/create.ts";
import { decideApproval } from "../../lib/campaigns/decide-approval.ts";
import { doneDays } from "../../lib/campaigns/done-days.ts";
import { duplicateCampaign } from "../../lib/campaigns/duplicate.ts";
import { keptVersion } from "../../lib/campaigns/kept-version.ts";
import { keptVersions } from "../../lib/campaigns/kept-versions.ts";
import { lastReplies } from "../../lib/campaigns/last-replies.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { listCampaigns } from "../../lib/campaigns/list.ts";
import { campaignPage, checks } from "../../lib/campaigns/page.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { draftPlan } from "../../lib/campaigns/plan.ts";
import { compilePreview } from "../../lib/campaigns/preview.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { reuseVersion } from "../../lib/campaigns/reuse-version.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { saveSending } from "../../lib/campaigns/save-sending.ts";
import { sendingNow } from "../../lib/campaigns/sending-now.ts";
import { starterPreview } from "../../lib/campaigns/starter-preview.ts";
import { testSend } from "../../lib/campaigns/test-send.ts";
import { unschedule } from "../../lib/campaigns/unschedule.ts";
import { waitingApprovals } from "../../lib/campaigns/waiting-approvals.ts";
import { contactPage } from "../../lib/consent/contact-page.ts";
import { erase } from "../../lib/consent/erase.ts";
import { erasedContact } from "../../lib/consent/erased-contact.ts";
import { listOverview } from "../../lib/consent/list-overview.ts";
import { openEntry } from "../../lib/consent/open-entry.ts";
import { openRequests } from "../../lib/consent/open-requests.ts";
import { register } from "../../lib/consent/register.ts";
import { searchContacts } from "../../lib/consent/search-contacts.ts";
import { story } from "../../lib/consent/story.ts";
import { withdrawByStaff } from "../../lib/consent/withdraw-by-staff.ts";
import { exportRows } from "../../lib/delivery/export-rows.ts";
import { goLive, goLiveFindings, leaveProduction } from "../../lib/delivery/go-live.ts";
import { leaveUncertain } from "../../lib/delivery/leave-uncertain.ts";
import { liveView } from "../../lib/delivery/live-view.ts";
import { pauseSending, resumeSending, sendingPaused } from "../../lib/delivery/pause-sending.ts";
import { rebuildMessage } from "../../lib/delivery/rebuild.ts";
import { retryFailed } from "../../lib/delivery/retry-failed.ts";
import { deliveriesOf } from "../../lib/delivery/rows.ts";
import { listSandbox, readSandbox } from "../../lib/delivery/sandbox-inbox.ts";
import { sendAgain } from "../../lib/delivery/send-again.ts";
import { serverGraphs } from "../../lib/delivery/server-graphs.ts";
import { serverLines } from "../../lib/delivery/server-lines.ts";
import { dropQueued, serverQueue, tryNow } from "../../lib/delivery/server-queue.ts";
import { settleByLog } from "../../lib/delivery/settle-by-log.ts";
import { versionsOfForm } from "../../lib/forms/form-versions.ts";
import { listForms } from "../../lib/forms/list-forms.ts";
import { publishFirstList } from "../../lib/forms/publish-first-list.ts";
import { publishForm } from "../../lib/forms/publish-form.ts";
import { withdrawForm } from "../../lib/forms/withdraw-form.ts";
import { archiveList } from "../../lib/lists/archive.ts";
import { createList } from "../../lib/lists/create.ts";
import { findList } from "../../lib/lists/find.ts";
import { updateList } from "../../lib/lists/update.ts";
import { draftWords } from "../../lib/notices/draft-words.ts";
import { fullNoticePage } from "../../lib/notices/full-notice-page.ts";
import { proposeForList } from "../../lib/notices/propose-for-list.ts";
import { publishFullNotice } from "../../lib/notices/publish-full-notice.ts";
import { publishWords } from "../../lib/notices/publish-words.ts";
import { versionPage } from "../../lib/notices/version-page.ts";
import { textVersions } from "../../lib/notices/versions.ts";
import { wordsOfList } from "../../lib/notices/words-of-list.ts";
import { closeOrganization } from "../../lib/organizations/close.ts";
import { createOrganization } from "../../lib/organizations/create.ts";
import { findOrganization } from "../../lib/organizations/find.ts";
import { listOrganizations } from "../../lib/organizations/list.ts";
import { setSmtpAllow, smtpAllow } from "../../lib/organizations/smtp-allow.ts";
import { updateOrganization } from "../../lib/organizations/update.ts";
import { campaignReport } from "../../lib/reports/campaign-report.ts";
import { overview } from "../../lib/reports/overview.ts";
import { tryOut } from "../../lib/reports/try-out.ts";
import { createServer } from "../../lib/servers/create.ts";
import { activateDkim, lookAtDkim } from "../../lib/servers/dkim-activate.ts";
import { dkimPage } from "../../lib/servers/dkim-find.ts";
import { makeDkimKeys } from "../../lib/servers/dkim-make.ts";
import { setDkim } from "../../lib/servers/dkim-mode.ts";
import { removeDkimKey } from "../../lib/servers/dkim-remove.ts";
import { blocklists, setBlocklists } from "../../lib/servers/domain-check/blocklists-setting.ts";
import { checkDomainNow } from "../../lib/servers/domain-check/check-now.ts";
import { domainPage } from "../../lib/servers/domain-check/page.ts";
import { findServer, listServers } from "../../lib/servers/find.ts";
import { changeShare, endLoan, lend } from "../../lib/servers/lend.ts";
import { borrowersOf, lendable, listLoans } from "../../lib/servers/list-loans.ts";
import { setLoanSender } from "../../lib/servers/loan-sender.ts";
import { moveServer } from "../../lib/servers/move.ts";
import { resumeServer } from "../../lib/servers/pause.ts";
import { pausedDomains, resumeDomain } from "../../lib/servers/pause-domain.ts";
import { pinCertificate, unpinCertificate } from "../../lib/servers/pin.ts";
import { inProduction } from "../../lib/servers/production.ts";
import { removeServer } from "../../lib/servers/remove.ts";
import { testServer } from "../../lib/servers/test-server.ts";
import { updateServer } from "../../lib/servers/update.ts";
import type { Services } from "../../lib/services.ts";
import { changePassword } from "../../lib/users/change-password.ts";
import { disablePerson } from "../../lib/users/disable.ts";
import { enablePerson } from "../../lib/users/enable.ts";
import { invite } from "../../lib/users/invite.ts";
import { listPeople } from "../../lib/users/list-people.ts";
import { chooseNotices, noticeChoices } from "../../lib/users/notice-choices.ts";
import { listUsers, setOperator } from "../../lib/users/operators.ts";
import type { Right } from "../../lib/users/roles.ts";
import { setRoles } from "../../lib/users/set-roles.ts";
import { dismissNotice, openNotices } from "../../lib/users/staff-notices.ts";
import { switchOrganization } from "../../lib/users/switch-organization.ts";
import { updateProfile } from "../../lib/users/update-profile.ts";
import type { Who } from "../../lib/users/who.ts";
import { withdrawInvitation } from "../../lib/users/withdraw-invitation.ts";
import { type Caller, type House, SERVER } from "../support/house.ts";
import { identity, PASSWORD } from "../support/staff.ts";

export type Case = {
  name: string;
  /** All of them are needed; none: whoever is signed in. */
  rights: Right[];
  input(house: House): object;
  run(s: Services, who: Who, house: House): Promise<unknown>;
  ids: "named" | "narrowed" | "none";
  /** Callers who have the right and are refused all the same. */
  butNot: Caller[];
  /** It is of the whole installation: an operator sees all houses. */
  everywhere: boolean;
  /** Refusals that are no matter of who asks: the thing is not in a state for it. */
  may: string[];
};

const SENDING = {
  ...{ startsAt: "", notAfter: "", perHour: null, weekdays: null, hourFrom: null, hourTo: null },
  priority: 0,
};

type Verb<O> = (s: Services, o: O) => Promise<unknown>;
type Input<O> = (house: House) => NoInfer<Omit<O, "who">>;
type Rights = Right | Right[] | null;
type More = Partial<Pick<Case, "may" | "butNot" | "everywhere">>;

/** A verb whose input names something: run as each role in its own house, and with the ids of another house, which are not found. */
function named<O extends { who: Who }>(verb: Verb<O>, rights: Rights, input: Input<O>, more: More = {}): Case {
  return caseOf(verb, rights, input, { ...more, ids: "named" });
}

/** A verb whose ids narrow down what it answers: those of another house are like those that nobody has. */
function narrowed<O extends { who: Who }>(verb: Verb<O>, rights: Rights, input: Input<O>, more: More = {}): Case {
  return caseOf(verb, rights, input, { ...more, ids: "narrowed" });
}

/** A verb that takes no id of an organization's things. */
function plain<O extends { who: Who }>(verb: Verb<O>, rights: Rights, input: Input<O>, more: More = {}): Case {
  return caseOf(verb, rights, input, { ...more, ids: "none" });
}

function caseOf<O extends { who: Who }>(
  verb: Verb<O>,
  rights: Rights,
  input: Input<O>,
  { ids, may = [], butNot = [], everywhere = false }: More & Pick<Case, "ids">,
): Case {
  return {
    ...{ name: verb.name, rights: rights === null ? [] : [rights].flat(), ids, may, butNot, everywhere, input },
    run: (s, who, house) => verb(s, { ...input(house), who } as O),
  };
}

const LIST = {
  name: "Altra",
  topics: "novità",
  frequency: "una volta al mese",
  locale: "it",
  tone: "tu",
  purpose: "promo",
} as const;
const WORDS = { consentBox: "Acconsento a ricevere e-mail promozionali.", shortNotice: "Chi siamo." };
const INCOMPLETE = ["WORDS_INCOMPLETE"];
const PROFILE = { name: "Nome", locale: "it", theme: "auto", density: "comfortable" } as const;

/**
 * Every verb of lib/ that takes `who`, one line each; one that is missing here makes the test fail. `named`, `narrowed` or `plain` by what its
 * input is; `may` lists what it may refuse for other reasons than who asks, `butNot` who is refused although the right is there.
 */
export const CASES: Case[] = [
  named(audience, "campaigns.see", (h) => ({ lists: [h.list], real: false })),
  named(audienceRows, "campaigns.see", (h) => ({ lists: [h.list], real: false, reason: null })),
  // The house's draft has an honest subject; tests/db/approval.test.ts has one that has not.
  named(askApproval, "campaigns.write", (h) => ({ campaign: h.campaign, version: 1 }), {
    may: ["APPROVAL_NOT_NEEDED"],
  }),
  named(decideApproval, "campaigns.release", (h) => ({ campaign: h.campaign, question: h.campaign, approved: true }), {
    may: ["APPROVAL_CHANGED"],
  }),
  named(campaignApproval, "campaigns.see", (h) => ({ campaign: h.campaign })),
  plain(waitingApprovals, "campaigns.see", () => ({})),
  plain(calendar, "campaigns.see", () => ({})),
  named(cancel, "campaigns.write", (h) => ({ campaign: h.launched })),
  plain(createCampaign, "campaigns.write", () => ({ from: "letter" as const, name: "Nuova" })),
  plain(hasCampaigns, "campaigns.see", () => ({})),
  named(doneDays, "campaigns.see", (h) => ({ campaign: h.launched, zone: "Europe/Rome" })),
  named(duplicateCampaign, "campaigns.write", (h) => ({ campaign: h.campaign, name: (name) => `${name} bis` })),
  named(keptVersion, "campaigns.see", (h) => ({ campaign: h.launched, version: 1 })),
  named(keptVersions, "campaigns.see", (h) => ({ campaign: h.launched })),
  named(lastReplies, "campaigns.see", (h) => ({ campaign: h.launched })),
  named(launch, "campaigns.write", (h) => ({ campaign: h.campaign, version: 1 })),
  plain(listCampaigns, "campaigns.see", () => ({})),
  plain(sendingNow, "campaigns.see", () => ({})),
  named(campaignPage, "campaigns.see", (h) => ({ campaign: h.campaign })),
  named(checks, "campaigns.see", (h) => ({ campaign: h.campaign })),
  named(pause, "campaigns.write", (h) => ({ campaign: h.launched, reason: "prova" })),
  named(compilePreview, "campaigns.see", (h) => ({ campaign: h.campaign })),
  named(resume, "campaigns.write", (h) => ({ campaign: h.launched }), { may: ["CAMPAIGN_NOT_PAUSED"] }),
  named(saveSending, "campaigns.write", (h) => ({
    campaign: h.campaign,
    version: 1,
    typed: { ...SENDING, sendOrder: "oldest" as const },
  })),
  named(changeSending, "campaigns.write", (h) => ({ campaign: h.launched, typed: SENDING }), {
    may: ["CAMPAIGN_NOT_UNDER_WAY"],
  }),
  named(reuseVersion, "campaigns.write", (h) => ({ campaign: h.launched, version: 1, from: 1 }), {
    may: ["CAMPAIGN_NOT_DRAFT"],
  }),
  // The house is in the sandbox: its server is none that a campaign may use (tests/db/production.test.ts has one that is).
  named(
    chooseServers,
    "campaigns.write",
    (h) => ({ campaign: h.campaign, split: "weight" as const, servers: [{ server: h.server, weight: 1 }] }),
    { may: ["NOT_FOUND"] },
  ),
  named(serverChoices, "campaigns.see", (h) => ({ campaign: h.campaign })),
  named(saveDraft, "campaigns.write", (h) => ({ campaign: h.campaign, version: 1, change: { lists: [h.list] } })),
  plain(starterPreview, "campaigns.see", () => ({ starter: "letter" })),
  named(testSend, "campaigns.write", (h) => ({ campaign: h.campaign, to: ["io@esempio.it"] }), {
    may: ["TEST_NOT_OWN"],
  }),
  named(unschedule, "campaigns.write", (h) => ({ campaign: h.launched }), { may: ["CAMPAIGN_NOT_SCHEDULED"] }),
  named(contactPage, "contacts.see", (h) => ({ contact: h.contact })),
  named(erase, "contacts.erase", (h) => ({ contact: h.contact })),
  narrowed(erasedContact, "contacts.see", (h) => ({ contact: h.contact })),
  narrowed(listOverview, "lists.see", (h) => ({ list: h.list })),
  plain(openEntry, "ledger.see", () => ({ seq: 0 })),
  named(openRequests, "contacts.see", (h) => ({ list: h.list })),
  plain(register, "ledger.see", () => ({})),
  named(searchContacts, "contacts.see", (h) => ({ list: h.list })),
  named(story, "contacts.see", (h) => ({ contact: h.contact })),
  named(withdrawByStaff, "suppression.add", (h) => ({ contact: h.contact, list: h.list, channel: "mail" as const })),
  named(goLive, "servers.write", (h) => ({ server: h.server }), { may: ["SERVER_NOT_TESTED"] }),
  named(goLiveFindings, "servers.see", (h) => ({ server: h.server })),
  named(leaveProduction, "servers.write", (h) => ({ server: h.server })),
  named(draftPlan, "campaigns.see", (h) => ({ campaign: h.campaign, remaining: 10 })),
  named(liveView, "campaigns.see", (h) => ({ campaign: h.launched })),
  named(rebuildMessage, "evidence.see", (h) => ({ campaign: h.launched, position: 0 }), {
    may: ["MESSAGE_GONE", "NOT_FOUND"],
  }),
  named(exportRows, "campaigns.see", (h) => ({ campaign: h.launched })),
  named(deliveriesOf, "campaigns.see", (h) => ({ campaign: h.launched })),
  plain(listSandbox, "campaigns.see", () => ({})),
  named(readSandbox, "campaigns.see", (h) => ({ id: h.message }), { butNot: ["auditor"] }),
  named(leaveUncertain, "campaigns.write", (h) => ({ campaign: h.launched })),
  plain(pauseSending, "campaigns.write", () => ({ reason: "prova" }), { may: ["SENDING_ALREADY_PAUSED"] }),
  plain(resumeSending, "campaigns.write", () => ({})),
  plain(sendingPaused, "campaigns.see", () => ({})),
  named(retryFailed, "campaigns.write", (h) => ({ campaign: h.launched })),
  named(serverGraphs, "servers.see", (h) => ({ server: h.server, range: "day" as const })),
  named(serverLines, "servers.see", (h) => ({ server: h.server })),
  named(serverQueue, "servers.see", (h) => ({ server: h.server })),
  named(tryNow, "campaigns.write", (h) => ({ server: h.server, ids: [`${h.launched}:0`] })),
  named(dropQueued, "campaigns.write", (h) => ({ server: h.server, ids: [`${h.launched}:0`], reason: "prova" })),
  named(sendAgain, "campaigns.write", (h) => ({ campaign: h.launched })),
  named(settleByLog, "campaigns.write", (h) => ({ campaign: h.launched, log: "" }), { may: ["LOG_SAYS_NOTHING"] }),
  named(versionsOfForm, "lists.see", (h) => ({ form: h.form })),
  narrowed(listForms, "lists.see", (h) => ({ list: h.list })),
  plain(publishFirstList, ["lists.write", "notices.publish"], () => ({ ...LIST })),
  named(publishForm, "lists.write", (h) => ({ list: h.list })),
  named(withdrawForm, "lists.write", (h) => ({ form: h.form })),
  named(archiveList, "lists.write", (h) => ({ list: h.list }), { may: ["LIST_IN_USE"] }),
  plain(createList, "lists.write", () => ({ ...LIST })),
  named(findList, "lists.see", (h) => ({ list: h.list })),
  named(updateList, "lists.write", (h) => ({ list: h.list, ...LIST })),
  named(draftWords, "notices.write", (h) => ({ list: h.list, words: WORDS })),
  plain(fullNoticePage, "notices.see", () => ({ locale: LIST.locale })),
  named(proposeForList, "notices.see", (h) => ({ list: h.list })),
  plain(publishFullNotice, "notices.publish", () => ({ body: "Chi siamo.", locale: LIST.locale, tone: LIST.tone }), {
    may: INCOMPLETE,
  }),
  named(publishWords, "notices.publish", (h) => ({ list: h.list, words: WORDS }), { may: INCOMPLETE }),
  named(versionPage, "notices.see", (h) => ({ notice: h.notice })),
  named(textVersions, "notices.see", (h) => ({ list: h.list })),
  named(wordsOfList, "notices.see", (h) => ({ list: h.list })),
  plain(closeOrganization, "installation", (h) => ({ organization: h.organization, name: "?" }), {
    may: ["NAME_DIFFERS"],
  }),
  plain(createOrganization, "installation", () => ({ identity: identity("Nuova") })),
  plain(findOrganization, "organization.see", () => ({})),
  plain(listOrganizations, "installation", () => ({}), { everywhere: true }),
  plain(setSmtpAllow, "installation", () => ({ pairs: ["127.0.0.1:2525"] })),
  plain(smtpAllow, "installation", () => ({})),
  plain(updateOrganization, "organization.write", () => ({ identity: identity("Altro nome") })),
  named(campaignReport, "campaigns.see", (h) => ({ campaign: h.launched })),
  plain(overview, "campaigns.see", () => ({})),
  plain(tryOut, "campaigns.see", () => ({})),
  plain(createServer, "servers.write", () => ({ ...SERVER })),
  named(activateDkim, "servers.write", (h) => ({ server: h.server }), { may: ["DKIM_NOT_SEEN"] }),
  named(lookAtDkim, "servers.write", (h) => ({ server: h.server })),
  named(dkimPage, "servers.see", (h) => ({ server: h.server })),
  named(makeDkimKeys, "servers.write", (h) => ({ server: h.server, ed25519: false }), { may: ["DKIM_KEYS_WAIT"] }),
  named(setDkim, "servers.write", (h) => ({ server: h.server, mode: { dkim: "none" as const } })),
  named(removeDkimKey, "servers.write", (h) => ({ key: h.dkimKey })),
  plain(blocklists, "installation", () => ({})),
  plain(setBlocklists, "installation", () => ({ zones: ["lista.example"] })),
  named(checkDomainNow, "servers.write", (h) => ({ server: h.server })),
  named(domainPage, "servers.see", (h) => ({ server: h.server })),
  named(findServer, "servers.see", (h) => ({ server: h.server })),
  plain(listServers, "servers.see", () => ({})),
  plain(inProduction, "servers.see", () => ({})),
  // Loans are the operator's, over all houses; the borrower's side is in tests/db/loans.test.ts.
  plain(listLoans, "installation", () => ({}), { everywhere: true }),
  plain(lendable, "installation", () => ({}), { everywhere: true }),
  plain(lend, "installation", (h) => ({ server: h.server, organization: h.organization, perDay: 10 }), {
    ...{ everywhere: true, may: ["LOAN_OWN"] },
  }),
  plain(changeShare, "installation", (h) => ({ server: h.server, organization: h.organization, perDay: 10 }), {
    ...{ everywhere: true, may: ["NOT_FOUND"] },
  }),
  plain(endLoan, "installation", (h) => ({ server: h.server, organization: h.organization }), {
    ...{ everywhere: true, may: ["NOT_FOUND"] },
  }),
  narrowed(borrowersOf, "servers.see", (h) => ({ server: h.server })),
  named(
    setLoanSender,
    "servers.write",
    (h) => ({ server: h.server, fromName: "Casa", fromAddress: "news@esempio.it" }),
    {
      may: ["NOT_FOUND"],
    },
  ),
  named(resumeServer, "servers.write", (h) => ({ server: h.server })),
  named(pausedDomains, "servers.see", (h) => ({ server: h.server })),
  named(resumeDomain, "servers.write", (h) => ({ server: h.server, domain: "stretto.example" })),
  named(moveServer, "servers.write", (h) => ({ server: h.server, port: 8081 })),
  named(
    pinCertificate,
    "servers.write",
    (h) => ({ server: h.server, sha256: "00".repeat(32), reason: "Il nome del cluster" }),
    { may: ["PIN_NOT_SHOWN"] },
  ),
  named(unpinCertificate, "servers.write", (h) => ({ server: h.server })),
  named(removeServer, "servers.write", (h) => ({ server: h.server })),
  named(testServer, "servers.write", (h) => ({ server: h.server })),
  named(updateServer, "servers.write", (h) => ({ server: h.server, ...SERVER, name: "Altro" })),
  plain(changePassword, null, (h) => ({ session: h.session, current: "x", password: PASSWORD }), {
    may: ["WRONG_PASSWORD"],
  }),
  plain(chooseNotices, null, () => ({ kinds: [] })),
  plain(noticeChoices, null, () => ({})),
  plain(openNotices, "campaigns.see", () => ({})),
  named(dismissNotice, "campaigns.see", (h) => ({ notice: h.staffNotice })),
  named(disablePerson, "people.write", (h) => ({ user: h.member })),
  named(enablePerson, "people.write", (h) => ({ user: h.member })),
  plain(invite, "people.write", () => ({
    email: "nuova@esempio.it",
    roles: ["auditor" as const],
    by: "link" as const,
  })),
  plain(listPeople, "people.see", () => ({})),
  plain(listUsers, "installation", () => ({}), { everywhere: true }),
  plain(setOperator, "installation", (h) => ({ user: h.member, operator: true })),
  named(setRoles, "people.write", (h) => ({ user: h.member, roles: ["auditor" as const] })),
  named(switchOrganization, null, (h) => ({ session: h.session, organization: h.organization })),
  plain(updateProfile, null, () => ({ profile: PROFILE })),
  named(withdrawInvitation, "people.write", (h) => ({ invitation: h.invitation })),
];

/** Functions that take `who` and are no verbs: parts of one, whose caller has asked already. */
export const PARTS = new Set([
  ...["findings", "insertDraft", "previewPerson", "moveCampaign", "recordChange", "memberOf", "requireOurs"],
  ...["hasRight", "requireRight", "seesAddresses"],
]);
