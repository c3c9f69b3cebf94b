/** What stands in the way of an import: objects of the same name that came here in another way. */
import type { ResourceInfo } from '../../../api/resources';
import { resourceKey } from '../../../apiserver/storage';
import { CommandError } from '../../../client/errors';
import type { ImportOptions, Reading } from '../../../client/import/types';
import type { Cluster } from '../../../simulation/cluster';
import { belongings, keyOf } from './belongings';
import { isFurniture, isOurs } from './furniture';
import { withOwnUids } from './uids';

/** Beyond so many, those that stand in the way are counted. */
const NAMED = 3;

/** @throws CommandError where an object of another origin stands in the way */
export function checkFree(engine: Cluster, reading: Reading, { overwrite = false }: ImportOptions = {}): void {
  if (overwrite) return;
  const { store } = engine;
  const objects = withOwnUids(store, reading.objects);
  const old = belongings(store, { ...reading, objects }, engine.imported);
  const strangers = objects.filter((object) => {
    if (isFurniture(engine, object)) return false;
    const resource = store.resourceOf(object);
    if (!resource || old.has(keyOf(store, object))) return false;
    const { namespace = '', name, uid } = object.metadata;
    const before = store.get(resourceKey(resource), namespace, name);
    if (!before || before.metadata.uid === uid || isOurs(before)) return false;
    // What was made up then, because it could not be read, is no stranger now.
    return engine.imported[keyOf(store, object)] !== before.metadata.uid;
  });
  if (strangers.length === 0) return;
  const names = strangers.slice(0, NAMED).map((object) => {
    const resource = store.resourceOf(object) as ResourceInfo;
    const { namespace, name } = object.metadata;
    return `${resourceKey(resource)} ${JSON.stringify(name)}${namespace ? ` in namespace ${namespace}` : ''}`;
  });
  const more = strangers.length > NAMED ? ` and ${strangers.length - NAMED} more` : '';
  throw new CommandError(
    `not imported, because of what is here already and was not imported: ${names.join(', ')}${more}; ` +
      'choose another cluster with --state, or replace what is here with --overwrite',
  );
}
