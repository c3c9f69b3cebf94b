/** Colours for the STATUS of things on a terminal; chalk is loaded only there. */
import type { Paint } from './table';

type Colour = 'green' | 'yellow' | 'red' | 'gray';

/** The colour of a status word, or undefined for words that need none. `Init:Error` counts as what follows the colon. */
export function statusColour(status: string): Colour | undefined {
  const word = status.startsWith('Init:') ? status.slice(5) : status;
  switch (word) {
    case 'Running':
    case 'Bound':
    case 'Active':
    case 'Ready':
    case 'Available':
      return 'green';
    case 'Pending':
    case 'ContainerCreating':
    case 'PodInitializing':
    case 'SchedulingGated':
    case 'NotReady':
    case 'Released':
      return 'yellow';
    case 'Terminating':
    case 'Completed':
    case 'Succeeded':
      return 'gray';
    case 'Failed':
    case 'Error':
    case 'Lost':
    case 'Unknown':
    case 'NodeLost':
    case 'Evicted':
    case 'OOMKilled':
    case 'CrashLoopBackOff':
    case 'ImagePullBackOff':
    case 'ErrImagePull':
    case 'InvalidImageName':
    case 'CreateContainerConfigError':
    case 'RunContainerError':
      return 'red';
  }
  if (/^(ExitCode|Signal):/.test(word)) return 'red';
  return /^\d+\/\d+$/.test(word) && status !== word ? 'yellow' : undefined;
}

/** A painter for table cells. Ask for it only when the output is a terminal that takes colours. */
export async function loadPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return (column, cell) => {
    if (column !== 'STATUS') return cell;
    const colour = statusColour(cell);
    return colour ? chalk[colour](cell) : cell;
  };
}

/** Marks for words in running text. */
export type Mark = (text: string, style: Colour | 'bold' | 'cyan') => string;

/** A marker. Ask for it only when the output is a terminal that takes colours. */
export async function loadMark(): Promise<Mark> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return (text, style) => chalk[style](text);
}
