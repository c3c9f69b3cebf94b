/** What `config` writes into a kubeconfig: the current context, and a context's namespace. Nothing else ever writes there. */
import { CommandError } from '../../../client/errors';
import type { ClusterChoice } from '../../../client/remote';
import type { ClusterHost } from '../host';
import { changeKubeFile, isRecord } from './file';
import { fileWith, kubeFiles, loadKubeConfig } from './load';

/** @throws CommandError where there is no such context */
export function useContext(choice: ClusterChoice, host: ClusterHost, name: string): void {
  const files = kubeFiles(choice.kubeconfig, host.env);
  if (!loadKubeConfig(files).contexts.some((context) => context.name === name))
    throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
  const file = fileWith(files, ({ currentContext }) => currentContext !== '');
  if (file !== undefined)
    changeKubeFile(file, (value) => {
      value['current-context'] = name;
    });
}

/** An empty namespace removes it. @throws CommandError where there is no such context */
export function setNamespace(choice: ClusterChoice, host: ClusterHost, name: string, namespace: string): void {
  const files = kubeFiles(choice.kubeconfig, host.env);
  const file = fileWith(files, ({ contexts }) => contexts.some((context) => context.name === name));
  if (file === undefined || !loadKubeConfig(files).contexts.some((context) => context.name === name))
    throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
  changeKubeFile(file, (value) => {
    const contexts: readonly unknown[] = Array.isArray(value.contexts) ? value.contexts : [];
    const entry = contexts.find((one): one is Record<string, unknown> => isRecord(one) && one.name === name);
    if (!entry) return;
    const { namespace: _, ...rest } = isRecord(entry.context) ? entry.context : {};
    entry.context = namespace === '' ? rest : { ...rest, namespace };
  });
}
