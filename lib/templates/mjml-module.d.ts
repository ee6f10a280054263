/** MJML 5 brings no types: what we use of it. */
declare module "mjml" {
  export type MjmlError = { line: number; message: string; tagName: string };
  export type MjmlOptions = {
    fonts: Record<string, string>;
    validationLevel: "soft";
    minify: false;
    ignoreIncludes: true;
    keepComments: false;
  };
  export default function mjml2html(
    source: string,
    options: MjmlOptions,
  ): Promise<{ html: string; errors: MjmlError[] }>;
}
