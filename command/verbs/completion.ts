import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Io, VerbEntry } from '../verb.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The words that may follow each path of verbs, such as ` keys create`; the empty path is the command itself. */
type Words = ReadonlyMap<string, readonly string[]>;

const EPILOGUE = `
bash: source <(npx webhook-fanout completion bash)
zsh:  source <(npx webhook-fanout completion zsh)
fish: npx webhook-fanout completion fish | source
It completes the command "webhook-fanout": alias webhook-fanout='npx webhook-fanout'`;

export function build(io: Io, verbs: readonly VerbEntry[]) {
  return new Command('completion')
    .description('Prints a script that completes verbs and options in a shell.')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .option('--json', 'prints the words as one line of JSON')
    .addHelpText('after', EPILOGUE)
    .action(async (shell, options) => {
      const words = await wordsOf(io, verbs);
      io.answer(options, { json: Object.fromEntries(words), text: scriptFor(shell, words) });
    });
}

async function wordsOf(io: Io, verbs: readonly VerbEntry[]): Promise<Words> {
  const words = new Map<string, string[]>([['', [...verbs.map(({ name }) => name), '--help']]]);
  const add = (command: CommandUnknownOpts, path: string): void => {
    const options = command.options.flatMap(({ long }) => (long ? [long] : []));
    words.set(path, [...command.commands.map((inner) => inner.name()), ...options, '--help']);
    for (const inner of command.commands) add(inner, `${path} ${inner.name()}`);
  };
  for (const { name, load } of verbs) add((await load()).build(io, verbs), ` ${name}`);
  return words;
}

function scriptFor(shell: (typeof SHELLS)[number], words: Words): string {
  if (shell === 'fish') return fishScript(words);
  const bash = bashScript(words);
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function bashScript(words: Words): string {
  const paths = [...words.keys()].filter((path) => path !== '').map((path) => `"${path}"`);
  const cases = [...words].map(([path, next]) => `    "${path}") words="${next.join(' ')}" ;;`);
  return `_webhook_fanout() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in ${paths.join('|')}) path="$path $word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _webhook_fanout webhook-fanout
`;
}

function fishScript(words: Words): string {
  const paths = [...words.keys()].filter((path) => path !== '').map((path) => `"${path}"`);
  const cases = [...words].map(
    ([path, next]) => `    case "${path}"\n      string split " " "${next.join(' ')}"`,
  );
  return `function __webhook_fanout_words
  set -l path ""
  for word in (commandline -opc)[2..-1]
    if contains -- "$path $word" ${paths.join(' ')}
      set path "$path $word"
    end
  end
  switch "$path"
${cases.join('\n')}
  end
end
complete -c webhook-fanout -f -a "(__webhook_fanout_words)"
`;
}
