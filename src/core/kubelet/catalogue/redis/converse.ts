/** What a server says to lines that somebody types into a plain connection. */
import type { HttpServer } from '../model';
import { COMMANDS, readKeys, writeKeys } from './data';
import { bulk, error, status, wire } from './reply';
import { settingsOf } from './settings';

export async function converse(input: string, { container, fs, now }: HttpServer): Promise<string> {
  const settings = settingsOf(container);
  let said = '';
  for (const line of input.split(/\r?\n/)) {
    const [name = '', ...args] = line.trim().split(/\s+/);
    if (name === '') continue;
    const command = name.toLowerCase();
    if (settings.password !== undefined) said += wire(error('NOAUTH Authentication required.'));
    else if (command === 'ping') said += wire(args[0] === undefined ? status('PONG') : bulk(args[0]));
    else if (command === 'quit') return `${said}+OK\r\n`;
    else if (!Object.hasOwn(COMMANDS, command) || settings.isCluster)
      said += wire(error(`ERR unknown command '${name}'`));
    else {
      const found = COMMANDS[command];
      if (!found || args.length < found.words[0]) {
        said += wire(error(`ERR wrong number of arguments for '${command}' command`));
        continue;
      }
      const keys = await readKeys(fs, settings.dir, now);
      const reply = found.run(keys, args, now);
      if (found.writes && reply.kind !== 'error') await writeKeys(fs, settings.dir, keys);
      said += wire(reply);
    }
  }
  return said;
}
