/** `stsctl diff`. */
import type { KubeObject } from '../../core/api/types';
import { type Difference, differenceOf, masked, pruned } from '../../core/client/diff';
import { CommandError, errorText, isExpected, PlainError } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { toTime } from '../../core/meta/time';
import { programsOf } from '../edit/editor';
import { fieldManager, fileFlags, MANAGED_FIELDS, SELECTOR } from '../flags/common';
import { withoutManagedFields } from '../output/format';
import { pruneFlags, scopeOfDiff } from '../prune';
import { applyManager, checkServerSide, serverSideFlags } from '../server-side';
import { findObjects, hasFiles, readFiles, refuseArgs } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'diff -f FILENAME',
  long:
    'Shows what apply would change: the objects as they are (LIVE) and as they would be (MERGED).\n\n' +
    'KUBECTL_EXTERNAL_DIFF names a program that shows it instead; it is given two folders.\n\n' +
    'Exit code: 0 no differences, 1 differences, more than 1 a failure.',
  examples: `# What would web.yaml change?
stsctl diff -f web.yaml

# What standard input would change
cat web.yaml | stsctl diff -f -

# What would change if the server merged it
stsctl diff --server-side --force-conflicts -f web.yaml

# What would change, and what apply --prune would delete
stsctl diff -f web.yaml --prune -l app=nginx

# Apply only what differs
stsctl diff -f web.yaml || stsctl apply -f web.yaml`,
  flags: [
    ...fileFlags('Files, folders or - for standard input with what would be applied.'),
    SELECTOR,
    MANAGED_FIELDS,
    fieldManager('kubectl-client-side-apply'),
    { name: 'show-secrets', type: 'bool', default: 'false', help: 'Show the values of Secrets.' },
    { name: 'concurrency', type: 'int', default: '1', help: 'Taken for compatibility; objects are looked at in turn.' },
    ...serverSideFlags(),
    ...pruneFlags().map((flag) =>
      flag.name === 'prune'
        ? { ...flag, help: 'Show what apply --prune would delete, with -l of what matches it, as well.' }
        : flag,
    ),
  ],
  flagErrorCode: 2,
  run: async (context) => {
    let code: number;
    try {
      code = await run(context);
    } catch (e) {
      // One means differences, so a failure is two.
      throw isExpected(e) ? new PlainError(errorText(e).text, 2) : e;
    }
    if (code !== 0) throw code === 1 ? new PlainError('') : new CommandError(`exit status ${code}`, code);
  },
};

async function run(context: Context): Promise<number> {
  const { flags } = context;
  refuseArgs(context);
  checkServerSide(flags, 'server');
  if (!hasFiles(flags) && !flags.changed('filename')) throw new CommandError('must specify one of -f and -k');
  const scope = await scopeOfDiff(context);
  const files = await readFiles(context, true);
  const infos = infosOf(await findObjects(context, files ? { files } : {}));
  const backend = await context.backend();
  const how = {
    fieldManager: applyManager(flags),
    serverSide: flags.bool('server-side'),
    force: flags.bool('force-conflicts'),
  };
  const found: Difference[] = [];
  for (const info of infos) found.push(await differenceOf(backend, info, how));
  if (scope) found.push(...(await pruned(backend, scope, infos, found, flags.string('selector'))));
  const differences = flags.bool('show-secrets') ? found : found.map(masked);
  const { toYaml } = await import('../../render/yaml');
  const shownIn = (object: KubeObject): KubeObject =>
    flags.bool('show-managed-fields') ? object : withoutManagedFields(object);
  const texts = differences.map(({ name, live, merged }) => ({
    name,
    live: live ? toYaml(shownIn(live)) : '',
    merged: merged ? toYaml(shownIn(merged)) : '',
  }));
  const external = context.host.env.KUBECTL_EXTERNAL_DIFF;
  return external ? showOutside(context, external, texts) : show(context, texts);
}

interface Texts {
  readonly name: string;
  readonly live: string;
  readonly merged: string;
}

/** As `diff -u -N LIVE MERGED` would. */
async function show({ io, backend }: Context, texts: readonly Texts[]): Promise<number> {
  const { unifiedDiff } = await import('../../render/unified-diff');
  const now = toTime(await (await backend()).now());
  const time = `${now.slice(0, 10)} ${now.slice(11, 19)}.000000000 +0000`;
  let code = 0;
  for (const { name, live, merged } of [...texts].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [before, after] = [`LIVE/${name}`, `MERGED/${name}`];
    const text = unifiedDiff({ path: before, text: live }, { path: after, text: merged }, time);
    if (text === '') continue;
    io.out(`diff -u -N ${before} ${after}\n${text}`);
    code = 1;
  }
  return code;
}

/** Two folders for the user's own program. Of its arguments those that could mean something to a shell are left out. */
async function showOutside({ host, io }: Context, external: string, texts: readonly Texts[]): Promise<number> {
  const programs = programsOf(host);
  const [program, ...words] = external.split(' ');
  const [live, merged] = ['LIVE-', 'MERGED-'].map((prefix) => programs.temporaryFolder(prefix));
  try {
    for (const text of texts) {
      programs.write(`${live}/${text.name}`, text.live);
      programs.write(`${merged}/${text.name}`, text.merged);
    }
    await io.flush();
    const code = await programs.run([program, live, merged, ...words.filter((word) => /^[a-zA-Z0-9-=]+$/.test(word))]);
    if (code === undefined)
      throw new CommandError(`failed to run ${JSON.stringify(program)}: executable file not found in $PATH`);
    return code;
  } finally {
    programs.remove(live);
    programs.remove(merged);
  }
}
