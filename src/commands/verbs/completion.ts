/** `stsctl completion`. */
import { usageError } from '../targets';
import type { Verb } from '../verb';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

export const verb: Verb = {
  usage: 'completion SHELL',
  long:
    'Prints a script for bash, zsh, fish or powershell that completes commands, flags, kinds, output formats, and the names of\n' +
    'objects, namespaces and containers that exist.',
  examples: `# In this bash
source <(stsctl completion bash)

# In every bash from now on
stsctl completion bash >> ~/.bashrc

# In this zsh, once "autoload -U compinit; compinit" has run
source <(stsctl completion zsh)

# In every fish
stsctl completion fish > ~/.config/fish/completions/stsctl.fish

# In every PowerShell
stsctl completion powershell >> $PROFILE`,
  flags: [],
  run: async (context) => {
    const [shell, ...more] = context.args;
    if (shell === undefined) throw usageError(context, 'Shell not specified.');
    if (more.length > 0) throw usageError(context, 'Too many arguments. Expected only the shell type.');
    if (!SHELLS.includes(shell)) throw usageError(context, `Unsupported shell type ${JSON.stringify(shell)}.`);
    const { BASH, FISH, POWERSHELL, ZSH } = await import('../completion/scripts');
    const script = shell === 'bash' ? BASH : shell === 'zsh' ? ZSH : shell === 'fish' ? FISH : POWERSHELL;
    context.io.out(script.replaceAll('stsctl', context.host.program));
  },
};
