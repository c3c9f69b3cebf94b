/** What is wrong with a template, in the words of Go's text/template. */
export class TemplateError extends Error {
  constructor(
    message: string,
    /** What the template had printed before it failed. */
    readonly printed = '',
  ) {
    super(message);
    this.name = 'TemplateError';
  }
}
