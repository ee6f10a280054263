import { isUuid } from "../../../lib/crypto/uuid.ts";
import { NotFound } from "../../../lib/errors.ts";
import { readFormToken } from "../../../lib/forms/form-token.ts";
import { publicForm } from "../../../lib/forms/published-form.ts";
import { signUp } from "../../../lib/forms/sign-up.ts";
import type { Services } from "../../../lib/services.ts";
import { publicLocale } from "../../_server/public-page.ts";
import { factsOf, publicRoute, readForm, visitorNetwork } from "../../_server/public-route.ts";
import { ring } from "../../_server/ring.ts";
import { formPage } from "./form-page.ts";

type Context = { params: Promise<{ form: string }> };

/** No sign-up is answered earlier: with the work of a mail and without it takes the same time for whoever watches (B55). */
const ANSWER_AFTER_MS = 150;

/** The hosted form. Nothing in the address ticks a box or fills a field (CC-01). */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    const form = await found(s, (await params).form);
    return formPage(s, { form, locale: publicLocale(request, form.locale) });
  });
}

/**
 * With our token it is the answer to the hosted form. Without one it comes from HTML pasted elsewhere and is a request only: the answer is the
 * hosted form with the address filled in, and the person presses there, so that time, words and boxes are known.
 */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    const started = performance.now();
    const id = (await params).form;
    const sent = await readForm(request, 65_536);
    const text = (name: string) => String(sent.get(name) ?? "");
    const token = isUuid(id) ? readFormToken(s.keys, id, text("token")) : undefined;
    const form = await found(s, id, token?.version);
    const locale = text("lang") === "en" ? "en" : text("lang") === "it" ? "it" : publicLocale(request, form.locale);
    const email = text("email").slice(0, 320);
    if (!sent.has("token")) return formPage(s, { form, locale, typed: { email, ticked: [], faults: [] } });
    const ticked = sent.getAll("box").map(String);
    const network = visitorNetwork(request);
    const facts = factsOf(request);
    const answer = await signUp(s, {
      ...{ form, email, ticked, locale, token: text("token"), trap: text("website") },
      ...(network ? { network } : {}),
      request: { ...facts, page: facts.page ?? `${s.config.PUBLIC_URL}/f/${id}` },
    });
    ring("outbox", id);
    if (!answer.done)
      return formPage(s, { form, locale, status: 422, typed: { email, ticked, faults: answer.faults } });
    await new Promise((resolve) => setTimeout(resolve, started + ANSWER_AFTER_MS - performance.now()));
    return new Response(null, {
      status: 303,
      headers: { Location: `/f/${id}/ok?lang=${locale}`, "Cache-Control": "no-store" },
    });
  });
}

async function found(s: Services, id: string, version?: number) {
  const form = isUuid(id)
    ? await publicForm(s.db, { form: id, ...(version === undefined ? {} : { version }) })
    : undefined;
  if (!form) throw new NotFound("form");
  return form;
}
