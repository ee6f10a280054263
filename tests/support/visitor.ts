/** A form as a page shows it: where it goes, and what it would send untouched. */
export type PageForm = { action: string; method: string; fields: [string, string][] };

/**
 * A browser without script: keeps cookies, follows nothing by itself, sends forms as a page without script does (server actions come back as pages).
 * `origin` is what it says of itself; a browser always says its own.
 */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly base: string;
  /** As the browser would be told: name to the whole Set-Cookie line. */
  readonly told = new Map<string, string>();

  /** Where it believes its pages come from: another address than `base` behind a reverse proxy. */
  readonly origin: string;

  constructor(base: string, origin = base) {
    this.base = base;
    this.origin = origin;
  }

  async send(
    path: string,
    o: { method?: string; body?: FormData | string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const method = o.method ?? (o.body === undefined ? "GET" : "POST");
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(path, this.base), {
      ...{ method, redirect: "manual" },
      ...(o.body === undefined ? {} : { body: o.body }),
      headers: {
        ...{ "accept-language": "it" },
        ...(method === "GET" ? {} : { origin: this.origin }),
        ...(cookie ? { cookie } : {}),
        ...o.headers,
      },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /** Where a page leads in the end, and its text. At most five steps. */
  async open(path: string): Promise<{ status: number; path: string; html: string }> {
    let at = path;
    for (let i = 0; i < 5; i++) {
      const response = await this.send(at);
      const to = response.headers.get("location");
      if (!to) return { status: response.status, path: at, html: await response.text() };
      at = new URL(to, new URL(at, this.base)).pathname;
    }
    throw new Error(`${path} leads in circles`);
  }

  /** Opens a page, fills a form of it (by id) and sends it. */
  async submit(
    path: string,
    id: string,
    values: Record<string, string | string[]>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const { html } = await this.open(path);
    return this.send(path, { body: filled(formOf(html, id), values), headers });
  }

  #keep(line: string): void {
    const [pair = "", ...rest] = line.split(/;\s*/);
    const name = pair.slice(0, pair.indexOf("="));
    const value = pair.slice(pair.indexOf("=") + 1);
    this.told.set(name, line);
    if (value === "" || rest.some((one) => /^max-age=0$/i.test(one))) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The form of a page with this id. */
export function formOf(html: string, id: string): PageForm {
  const found = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(
    ([, head = ""]) => attribute(head, "id") === id,
  );
  if (!found) throw new Error(`no form ${id} in the page`);
  const [, head = "", inner = ""] = found;
  const inputs = [...inner.matchAll(/<input\b([^>]*)>/g)].map(([, one = ""]) => one);
  const sent = inputs.filter((one) => !/type="(checkbox|radio)"/.test(one) || /\schecked/.test(one));
  const chosen = [...inner.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)].map(([, select = "", options = ""]) => {
    const option = /<option\b[^>]*\bselected\b[^>]*>/.exec(options)?.[0] ?? /<option\b[^>]*>/.exec(options)?.[0] ?? "";
    return [attribute(select, "name"), attribute(option, "value")] as [string, string];
  });
  const areas = [...inner.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)].map(
    ([, area = "", text = ""]) => [attribute(area, "name"), decoded(text)] as [string, string],
  );
  const fields = sent.map((one) => [attribute(one, "name"), attribute(one, "value")] as [string, string]);
  return {
    action: attribute(head, "action"),
    method: attribute(head, "method"),
    fields: [...fields, ...chosen, ...areas].filter(([name]) => name),
  };
}

/** What the form sends once these fields are filled in. */
export function filled(form: PageForm, values: Record<string, string | string[]>): FormData {
  const data = new FormData();
  for (const [name, value] of form.fields) if (!(name in values)) data.append(name, value);
  for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) data.append(name, one);
  return data;
}

function attribute(tag: string, name: string): string {
  return decoded(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function decoded(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
