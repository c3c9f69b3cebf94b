/**
 * Go's text/template over decoded JSON, with the functions that `kubectl -o go-template` adds. Messages, positions and the
 * printed form of every value are Go's.
 */
import { execute } from './executor';
import { FUNCTIONS } from './functions';
import { type ListNode, show } from './nodes';
import { parseTrees } from './parser';

export { TemplateError } from './errors';

export interface GoTemplateOptions {
  /** A key that is not there prints `<no value>` instead of failing; the default. */
  readonly allowMissingKeys?: boolean;
}

export class GoTemplate {
  private constructor(
    private readonly name: string,
    private readonly text: string,
    private readonly trees: ReadonlyMap<string, ListNode>,
  ) {}

  /** @throws TemplateError `template: NAME:LINE: …` */
  static parse(text: string, name = 'output'): GoTemplate {
    return new GoTemplate(name, text, parseTrees(name, text, new Set(Object.keys(FUNCTIONS))));
  }

  /** What the template prints for the value. @throws TemplateError, which holds what was printed before it failed */
  execute(value: unknown, options: GoTemplateOptions = {}): string {
    const { name, text, trees } = this;
    return execute({ name, text, trees }, value, { allowMissingKeys: options.allowMissingKeys ?? true });
  }

  /** The template again, with its definitions in front. */
  toString(): string {
    const definitions = [...this.trees].filter(([name]) => name !== this.name);
    const written = definitions.map(([name, tree]) => `{{define ${JSON.stringify(name)}}}${show(tree)}{{end}}`);
    const root = this.trees.get(this.name);
    return written.join('') + (root ? show(root) : '');
  }
}
