import type { z } from "zod";
import { DomainError, Forbidden } from "../../lib/errors.ts";
import { hasRight, type Right } from "../../lib/users/roles.ts";
import { failure, statusOf } from "./failure.ts";
import { fieldErrors } from "./field-errors.ts";
import { fromOurPages } from "./origin.ts";
import { readAtMost } from "./public-route.ts";
import { services } from "./services.ts";
import { currentSession, reading, type SignedIn } from "./session.ts";
import { BadJson, parseStrict } from "./strict-json.ts";
import { localeOf, translator } from "./translate.ts";

type Params = Record<string, string>;
type Route<P extends Params> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

/** What a JSON body may bring, bytes. */
const MOST = 1_000_000;

/**
 * A route handler that changes something, called by our own pages' script with a JSON body: origin, session, right and a strict schema are asked
 * before the run. Answers JSON: what the run returns, else `{ error: { code, text, id? }, errors? }` with 400 to 422.
 *
 * @param run may return a Response of its own (a 409 with both texts)
 */
export function mutatingRoute<S extends z.ZodType, P extends Params = Record<string, never>>(
  schema: S,
  right: Right | null,
  run: (world: SignedIn, input: z.output<S>, params: P) => Promise<Response | Record<string, unknown>>,
): Route<P> {
  return async (request, { params }) => {
    const s = await services();
    const session = await currentSession();
    const locale = session?.user.locale ?? localeOf(request.headers.get("accept-language"));
    const t = translator(locale, session?.organization?.timeZone ?? "Europe/Rome", s.log);
    try {
      if (!fromOurPages(request.headers, s.config.APP_URL)) throw new DomainError("FOREIGN_ORIGIN");
      if (!session?.organization) throw new DomainError("SIGNED_OUT");
      if (right && !hasRight(session.who, right)) throw new Forbidden(right);
      const parsed = schema.safeParse(await readJson(request));
      if (!parsed.success) {
        const error = { code: "FIELDS", text: t("errors.FIELDS", { n: parsed.error.issues.length }) };
        return json(422, { error, errors: fieldErrors(parsed.error, t) });
      }
      const answer = await run(reading(s, session, session.organization), parsed.data, await params);
      return answer instanceof Response ? answer : json(200, answer);
    } catch (error) {
      if (error instanceof BadJson) return json(400, { error: { code: "BAD_JSON", text: t("errors.BAD_JSON") } });
      const said = failure(s, error, t, "route");
      return json(said.code === "FOREIGN_ORIGIN" ? 403 : statusOf(said.code), { error: said });
    }
  };
}

/** A body is read only as what it says it is: a form of another site can send text/plain that looks like JSON (B79). */
async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new BadJson("not sent as JSON");
  const body = await readAtMost(request, MOST);
  if (!body) throw new BadJson("too long");
  return parseStrict(body.toString());
}

function json(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "no-store" } });
}
