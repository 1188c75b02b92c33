// The completion script of zsh(1).
import {
  listCommands,
  listGlobalOptions,
  type Argument,
  type CompletedCommand,
  type CompletedOption,
} from './completion-words.ts';

/** A function for _arguments(zshcompsys): once for the command, then for what the command takes. */
export function completeZsh(): string {
  const global = listGlobalOptions().map(specOf);
  const commands = listCommands();
  return `#compdef icspd
# zsh completion for icspd; use it with: source <(icspd completion zsh)
_icspd() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${commands.map(({ name, summary }) => `    ${inQuotes(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  local -a everywhere=(
${global.map((spec) => `    ${spec}`).join('\n')}
  )
  _arguments -C $everywhere '1:command:->command' '*::argument:->argument' && return
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _icspd ]]; then
  _icspd "$@"
elif (( $+functions[compdef] )); then
  compdef _icspd icspd
fi
`;
}

function commandCase({ name, options, operand }: CompletedCommand): string {
  const rest = actionOf(operand);
  const specs = [...options.map(specOf), ...(rest === '' ? [] : [inQuotes(`*:argument:${rest}`)])];
  return `        ${name}) _arguments ${['$everywhere', ...specs].join(' ')} ;;`;
}

function specOf({ name, short, help, argument, isRepeatable }: CompletedOption): string {
  const value = argument === null ? '' : `:${name}:${actionOf(argument)}`;
  const words = `[${help.replace(/[[\]:]/g, '\\$&')}]${value}`;
  if (short === null) return inQuotes(`${isRepeatable ? '*' : ''}--${name}${words}`);
  return `{-${short},--${name}}${inQuotes(words)}`;
}

function actionOf({ files, words }: Argument): string {
  if (files !== 'none') return files === 'any' ? '_files' : '_files -/';
  return words.length === 0 ? '' : `(${words.join(' ')})`;
}

/** In single quotes, in which a backslash is one. */
function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
