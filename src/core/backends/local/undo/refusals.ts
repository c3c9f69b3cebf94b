/** What undo, redo and snapshots refuse, in sentences for the user. */
import { SettingError } from '../errors';

export class NothingToDo extends SettingError {
  constructor(count: number, possible: number) {
    const verb = count > 0 ? 'undo' : 'redo';
    const all = possible === 1 ? 'only 1 command' : `only ${possible} commands`;
    super(possible === 0 ? `there is nothing to ${verb}` : `there is less to ${verb}: ${all}`);
  }
}
