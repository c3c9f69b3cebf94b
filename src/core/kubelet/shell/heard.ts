/**
 * Lets a script be heard while it runs: every command whose output would leave the script is redirected into the two audible
 * files. Pipes, substitutions, functions and redirections of the script's own stay as they are.
 */
import type { CommandNode, ScriptNode, SimpleCommandNode, StatementNode, TransformPlugin } from 'just-bash';

type RedirectionNode = SimpleCommandNode['redirections'][number];

/** A plugin of the shell's library, for one script: scripts that it runs in turn print where it lets them. */
export function heard(stdout: string, stderr: string): TransformPlugin {
  let isOuter = true;
  return {
    name: 'heard',
    transform: ({ ast }) => {
      const script = isOuter ? new Hearing(stdout, stderr).script(ast) : ast;
      isOuter = false;
      return { ast: script };
    },
  };
}

class Hearing {
  private readonly out: RedirectionNode;
  private readonly err: RedirectionNode;

  constructor(stdout: string, stderr: string) {
    this.out = redirection(1, stdout);
    this.err = redirection(2, stderr);
  }

  /** A script that redirects itself as a whole is heard where it sends its output. */
  script(script: ScriptNode): ScriptNode {
    const commands = script.statements.flatMap(({ pipelines }) => pipelines.flatMap((pipeline) => pipeline.commands));
    const isMoved = commands.some(
      (command) =>
        command.type === 'SimpleCommand' &&
        command.name !== null &&
        wordOf(command.name) === 'exec' &&
        command.args.length === 0,
    );
    return isMoved ? script : { ...script, statements: this.all(script.statements) };
  }

  private all = (statements: StatementNode[]): StatementNode[] =>
    statements.map((statement) => ({
      ...statement,
      pipelines: statement.pipelines.map((pipeline) => ({
        ...pipeline,
        commands: pipeline.commands.map((command, i) => {
          const isLast = i === pipeline.commands.length - 1;
          return isLast ? this.command(command, pipeline.commands.length > 1) : this.feeding(command);
        }),
      })),
    }));

  /** Its output goes on into a pipe; what it complains of does not. */
  private feeding(command: CommandNode): CommandNode {
    if (command.type !== 'SimpleCommand' || !command.name) return command;
    return { ...command, redirections: [this.err, ...command.redirections] };
  }

  private command(command: CommandNode, isFed: boolean): CommandNode {
    switch (command.type) {
      case 'SimpleCommand':
        if (!command.name) return command;
        return { ...command, redirections: [this.out, this.err, ...command.redirections] };
      case 'FunctionDef':
      case 'ArithmeticCommand':
      case 'ConditionalCommand':
        return command;
      default:
        // A block with redirections, or fed by a pipe, is one thing.
        if (command.redirections.length > 0 || isFed) return command;
    }
    switch (command.type) {
      case 'If':
        return {
          ...command,
          clauses: command.clauses.map(({ condition, body }) => ({
            condition: this.all(condition),
            body: this.all(body),
          })),
          elseBody: command.elseBody && this.all(command.elseBody),
        };
      case 'While':
      case 'Until':
        return { ...command, condition: this.all(command.condition), body: this.all(command.body) };
      case 'Case':
        return { ...command, items: command.items.map((item) => ({ ...item, body: this.all(item.body) })) };
      default:
        return { ...command, body: this.all(command.body) };
    }
  }
}

function wordOf({ parts }: { readonly parts: readonly { readonly type: string }[] }): string {
  return parts.map((part) => ('value' in part ? String(part.value) : '')).join('');
}

const redirection = (fd: number, path: string): RedirectionNode => ({
  type: 'Redirection',
  fd,
  operator: '>>',
  target: { type: 'Word', parts: [{ type: 'Literal', value: path }] },
});
