// The completion script of bash(1).
import {
  listCommands,
  listGlobalOptions,
  type Argument,
  type CompletedCommand,
  type CompletedOption,
} from './completion-words.ts';

/** Needs nothing but bash: neither bash-completion nor icspd itself. */
export function completeBash(): string {
  const global = listGlobalOptions();
  const commands = listCommands();
  return `# bash completion for icspd; use it with: source <(icspd completion bash)
_icspd() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${global.filter(takesArgument).map(longOf).join(' | ')}) ((i++)) ;;
      -*) ;;
      *)
        command=\${COMP_WORDS[i]}
        break
        ;;
    esac
  done
  local words='' files=''
  case $command:$previous in
${[...global.filter(takesArgument).map((option) => valueCase('*', option)), ...commands.flatMap(valueCases)].join('\n')}
    *)
      case $command in
        '') words='${[...commands.map(({ name }) => name), ...namesOf(global)].join(' ')}' ;;
${commands.map((command) => commandCase(command, global)).join('\n')}
      esac
      if [[ $current == -* ]]; then files=''; elif [[ -n $files ]]; then words=''; fi
      ;;
  esac
  COMPREPLY=()
  [[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  [[ -z $files ]] || {
    compopt -o filenames 2>/dev/null
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen "$files" -- "$current")
  }
}
complete -F _icspd icspd
`;
}

function takesArgument({ argument }: CompletedOption): boolean {
  return argument !== null;
}

function longOf({ name }: CompletedOption): string {
  return `--${name}`;
}

function namesOf(options: readonly CompletedOption[]): readonly string[] {
  return options.flatMap((option) => [
    ...(option.short === null ? [] : [`-${option.short}`]),
    longOf(option),
  ]);
}

function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.filter(takesArgument).map((option) => valueCase(name, option));
}

function valueCase(command: string, option: CompletedOption): string {
  return `    ${command}:${longOf(option)}) ${assign(option.argument)} ;;`;
}

function commandCase(
  { name, options, operand }: CompletedCommand,
  global: readonly CompletedOption[],
): string {
  const words = [...operand.words, ...namesOf(options), ...namesOf(global)].join(' ');
  return `        ${name}) words='${words}'${operand.files === 'none' ? '' : ` ${assign({ ...operand, words: [] })}`} ;;`;
}

function assign(argument: Argument | null): string {
  if (argument === null) return ':';
  const { files, words } = argument;
  if (files !== 'none') return `files=${files === 'any' ? '-f' : '-d'}`;
  return words.length === 0 ? ':' : `words='${words.join(' ')}'`;
}
