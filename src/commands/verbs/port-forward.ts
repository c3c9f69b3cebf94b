/** `stsctl port-forward`. */
import type { KubeObject } from '../../core/api/types';
import { CommandError } from '../../core/client/errors';
import { portsOf } from '../../core/client/forward/ports';
import { addressesOf } from '../forward/addresses';
import { listenOn } from '../forward/listen';
import { Forwarding } from '../forward/session';
import { onePod, runningTimeout, runningTimeoutOf } from '../pod-target';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'port-forward TYPE/NAME [LOCAL_PORT:]REMOTE_PORT [...] [flags]',
  long:
    'Listens on ports of this machine and passes every connection on to ports of a pod, until Ctrl-C or the end of the pod. ' +
    "A type and a name choose one of the object's pods; a Service's ports are followed to the pod's.\n\n" +
    'In the simulated cluster what an image is known to serve answers: web servers with the files of their pod, Redis and ' +
    'ZooKeeper with their data. Ports that answer other protocols say so.',
  examples: `# The web server of web-0, at http://127.0.0.1:8080
stsctl port-forward web-0 8080:80

# The same port on both sides, and any free one of this machine for another
stsctl port-forward pod/web-0 5000 :6000

# One of the pods of a StatefulSet, by the name of its port
stsctl port-forward sts/web 8080:web

# A pod behind a Service: its port 80 leads to whatever port the Service says, and may be given by its name
stsctl port-forward svc/web 8080:80

# For other machines, too
stsctl port-forward --address 0.0.0.0 web-0 8080:80`,
  flags: [
    {
      name: 'address',
      type: 'list',
      default: 'localhost',
      help: 'Addresses to listen on: IP addresses, or localhost, which is 127.0.0.1 and ::1, or one of them where only one can be had.',
    },
    runningTimeout('1m0s'),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args, flags, host, io } = context;
  const [target = '', ...words] = args;
  if (words.length === 0) throw usageError(context, 'TYPE/NAME and list of ports are required for port-forward');
  const timeoutMs = runningTimeoutOf(context);
  const { listening } = host;
  if (!listening) throw new CommandError('no ports of this machine can be listened on from here');
  const backend = await context.backend();
  const { info, pod } = await onePod(context, target, timeoutMs);
  const ports = portsOf(words, info.object as KubeObject, pod);
  if (pod.status.phase !== 'Running')
    throw new CommandError(
      `unable to forward port because pod is not running. Current status=${pod.status.phase ?? ''}`,
    );
  const addresses = addressesOf(flags.changed('address') ? flags.list('address') : ['localhost']);
  // What was read so far lets go of the cluster: others go on while this waits.
  await io.flush();
  const forwarding = new Forwarding(backend, pod, io);
  const stopped = listening.stopped();
  const open = await listenOn(ports, addresses, listening, io, (local, port) => forwarding.join(local, port));
  io.show();
  if (backend.remote) void forwarding.follow().catch(() => {});
  try {
    const end = await Promise.race([stopped, forwarding.lost.then(() => 'lost')]);
    if (end === 'lost') throw new CommandError('lost connection to pod');
  } finally {
    forwarding.close();
    open.close();
  }
}
