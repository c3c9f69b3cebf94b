/** `-o` and `--template`: which printer they ask for, and what is said when they ask for none. */
import { afterAll, describe, expect, it } from 'vitest';
import { createCli } from '../support/cli';

const cli = createCli({
  'name.tpl': '{{.metadata.name}}:{{.kind}}\n',
  'kind.jsonpath': '{.kind}{"\\n"}',
  'columns.txt': 'NAME KIND\n.metadata.name .kind\n',
  'folder/file': '',
});
afterAll(() => cli.dispose());

const get = (...args: string[]) => cli(['get', 'ns', 'default', ...args]);

const FORMATS =
  'allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,' +
  'jsonpath-file,kyaml,name,template,templatefile,wide,yaml';

describe('output formats', () => {
  it.each([
    [['-o', 'go-template={{.kind}}{{"\\n"}}'], 'Namespace\n'],
    [['-o', 'template={{.kind}}'], 'Namespace'],
    [['-o', 'go-template', '--template={{.kind}}'], 'Namespace'],
    [['-o', 'template', '--template', '{{.kind}}'], 'Namespace'],
    [['--template={{.kind}}'], 'Namespace'],
    [['--template={{.kind}}', '-o', 'name'], 'namespace/default\n'],
    [['-o', 'go-template-file=name.tpl'], 'default:Namespace\n'],
    [['-o', 'templatefile=name.tpl'], 'default:Namespace\n'],
    [['-o', 'go-template-file', '--template=name.tpl'], 'default:Namespace\n'],
    [['-o', 'jsonpath-file=kind.jsonpath'], 'Namespace\n'],
    [['-o', 'jsonpath', '--template={.kind}'], 'Namespace'],
    [['-o', 'jsonpath-as-json={.kind}'], '[\n    "Namespace"\n]\n'],
    [['-o', 'custom-columns-file=columns.txt'], 'NAME      KIND\ndefault   Namespace\n'],
    [['-o', 'custom-columns', '--template=N:.metadata.name'], 'N\ndefault\n'],
    [['-o', 'go-template={{.nope}}'], '<no value>'],
  ])('%j', async (args, out) => {
    expect(await get(...args)).toEqual({ out, err: '', code: 0 });
  });

  it.each([
    [['-o', 'go-template'], 'template format specified but no template given'],
    [['-o', 'go-template='], 'template format specified but no template given'],
    [['-o', 'template'], 'template format specified but no template given'],
    [['-o', 'templatefile'], 'template format specified but no template given'],
    [['-o', 'go-template-file='], 'template format specified but no template given'],
    [['-o', 'jsonpath'], 'template format specified but no template given'],
    [['-o', 'jsonpath-file'], 'template format specified but no template given'],
    [['-o', 'jsonpath-as-json'], 'template format specified but no template given'],
    [['-o', 'custom-columns'], 'custom-columns format specified but no custom columns given'],
    [['-o', 'custom-columns-file'], 'custom-columns format specified but no custom columns given'],
    [['-o', 'go-template-file=nope'], 'error reading --template nope, open nope: no such file or directory'],
    [['-o', 'jsonpath-file=folder'], 'error reading --template folder, read folder: is a directory'],
    [['-o', 'custom-columns-file=nope'], 'error reading template nope, open nope: no such file or directory'],
    [['-o', 'go-template={{bad'], 'error parsing template {{bad, template: output:1: function "bad" not defined'],
    [
      ['-o', 'jsonpath={.kind}', '--template=x'],
      `unable to match a printer suitable for the output format "jsonpath={.kind}", ${FORMATS}`,
    ],
    [['-o', 'name=x'], `unable to match a printer suitable for the output format "name=x", ${FORMATS}`],
    [['-o', 'toString'], `unable to match a printer suitable for the output format "toString", ${FORMATS}`],
  ])('%j is refused', async (args, words) => {
    expect(await get(...args)).toEqual({ out: '', err: `error: ${words}\n`, code: 1 });
  });

  it('shows on stdout how far a failing template came', async () => {
    const { out, err, code } = await get('-o', 'go-template=a{{.kind.x}}');
    expect(out).toMatch(/^aError executing template: template: output:1:8: executing "output" at <\.kind\.x>: /);
    expect(err).toBe(
      'error: error executing template "a{{.kind.x}}": template: output:1:8: executing "output" at <.kind.x>: ' +
        "can't evaluate field x in type interface {}\n",
    );
    expect(code).toBe(1);
  });

  it('fails over missing keys with --allow-missing-template-keys=false', async () => {
    const { err, code } = await get('-o', 'go-template={{.nope}}', '--allow-missing-template-keys=false');
    expect(err).toBe(
      'error: error executing template "{{.nope}}": template: output:1:2: executing "output" at <.nope>: ' +
        'map has no entry for key "nope"\n',
    );
    expect(code).toBe(1);
  });

  it('works for verbs that change objects', async () => {
    const template = 'go-template={{.metadata.labels.a}}\n';
    expect(await cli(['label', 'ns', 'default', 'a=b', '-o', template])).toEqual({ out: 'b\n', err: '', code: 0 });
    const dryRun = ['create', 'ns', 'x', '--dry-run=client', '-o', 'template={{.kind}} {{.metadata.name}}\n'];
    expect(await cli(dryRun)).toEqual({ out: 'Namespace x\n', err: '', code: 0 });
  });
});
