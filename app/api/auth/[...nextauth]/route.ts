import NextAuth from "next-auth";
import { authOptions } from "../../../_server/auth.ts";
import { originOf } from "../../../_server/origin.ts";
import { services } from "../../../_server/services.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own routes; which of them exist is decided in hygiene.ts. Pages sign in through an action: it can say what is wrong. */
async function handle(request: Request, context: Context): Promise<Response> {
  const s = await services();
  return NextAuth(
    request as never,
    context as never,
    authOptions(s, originOf(request.headers).network),
  ) as Promise<Response>;
}

export { handle as GET, handle as POST };
