/** `stsctl get`. */
import { CommandError, PlainError } from '../../core/client/errors';
import {
  ALL_NAMESPACES,
  FIELD_SELECTOR,
  fileFlags,
  MANAGED_FIELDS,
  SELECTOR,
  TEMPLATE,
  TEMPLATE_KEYS,
} from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import { checkTemplate, type Format, parseFormat } from '../output/format';
import { asCalled } from '../program-name';
import { hasFiles } from '../targets';
import type { Context, Verb } from '../verb';

const bool = (name: string, help: string, short?: string): FlagSpec => ({
  name,
  type: 'bool',
  default: 'false',
  help,
  ...(short && { short }),
});

export const verb: Verb = {
  usage:
    'get [(-o|--output=)json|yaml|name|wide|table|go-template=...|jsonpath=...|custom-columns=...] (TYPE[.VERSION][.GROUP] [NAME | -l label] | ' +
    'TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  long: 'Shows one or many objects as a table, or in the form that -o asks for.\n\nUse "stsctl api-resources" for all kinds.',
  examples: `# The pods of the namespace
stsctl get pods

# One StatefulSet with its containers and images
stsctl get statefulset web -o wide

# Pods, sets and claims with the label app=nginx
stsctl get pods,sts,pvc -l app=nginx

# Only the names of the pods and the revision each wears
stsctl get pods -o custom-columns=NAME:.metadata.name,REVISION:.metadata.labels.controller-revision-hash

# One field
stsctl get sts web -o jsonpath='{.status.updateRevision}'

# What the API answers for a path
stsctl get --raw /apis/apps/v1/namespaces/default/statefulsets

# A line for each pod, written by a Go template
stsctl get pods -o go-template='{{range .items}}{{.metadata.name}} {{.status.phase}}{{"\\n"}}{{end}}'

# Follow what happens to the pods
stsctl get pods --watch`,
  flags: [
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: '',
      help: 'wide, json, yaml, name, table (framed), go-template=…, go-template-file=…, jsonpath=…, jsonpath-as-json=…, jsonpath-file=…, custom-columns=… or custom-columns-file=…',
    },
    ALL_NAMESPACES,
    SELECTOR,
    FIELD_SELECTOR,
    ...fileFlags('Files that name what to show.'),
    bool('no-headers', 'Leave out the header of tables and of custom columns.'),
    bool('show-labels', 'A last column with all labels.'),
    bool('show-kind', 'Put the kind in front of every name.'),
    { name: 'label-columns', short: 'L', type: 'list', help: 'Labels that get a column each, as in -L app,tier.' },
    { name: 'sort-by', type: 'string', default: '', help: 'Sort by this field, as in .metadata.creationTimestamp.' },
    bool('ignore-not-found', 'Say nothing about a name that does not exist.'),
    bool('watch', 'Show what there is, then every change.', 'w'),
    bool('watch-only', 'Show every change from now on.'),
    {
      name: 'subresource',
      type: 'string',
      default: '',
      help: 'Show the subresource status, scale or resize of the object.',
    },
    { name: 'chunk-size', type: 'int', default: '500', help: 'Taken for compatibility; lists always come whole.' },
    {
      name: 'raw',
      type: 'string',
      default: '',
      help: 'Show what the API answers for this path, as in --raw /version.',
    },
    TEMPLATE_KEYS,
    MANAGED_FIELDS,
    TEMPLATE,
    bool('output-watch-events', 'With --watch: say of each change whether something was ADDED, MODIFIED or DELETED.'),
    { ...bool('server-print', 'Show the columns of the server; otherwise only names and ages.'), default: 'true' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  if (flags.string('raw')) return (await import('../get/raw')).showRaw(context);
  const format = await readFormat(context);
  if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only'))
    throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
  if (args.length === 0 && !hasFiles(flags)) {
    io.err(
      asCalled(
        'You must specify the type of resource to get. Use "stsctl api-resources" for a complete list of supported resources.\n\n',
        context.host.program,
      ),
    );
    throw new PlainError(
      'error: Required resource not specified.\nUse "stsctl explain <resource>" for a detailed description of that resource ' +
        `(e.g. stsctl explain pods).\nSee '${context.path} -h' for help and examples`,
    );
  }
  if (flags.bool('watch') || flags.bool('watch-only')) {
    const { watchObjects } = await import('../get/watch');
    return watchObjects(context, format);
  }
  if (format.kind === 'human' || format.kind === 'wide' || format.kind === 'table') {
    const { showTables } = await import('../get/tables');
    return showTables(context, format, flags.bool('show-kind'));
  }
  const { showStructured } = await import('../get/structured');
  return showStructured(context, format);
}

async function readFormat(context: Context): Promise<Format> {
  const format = parseFormat(context.flags, context.host, true);
  await checkTemplate(format);
  if (format.kind === 'custom-columns' || format.kind === 'custom-columns-file') {
    const { columnsOf } = await import('../get/structured');
    await columnsOf(format);
  }
  return format;
}
