// The table of commands: help, usage errors, the manual and main.ts all read it.
import type { CommandRow } from './command.ts';
import type { CommandName } from './options.ts';

const none = { min: 0, max: 0 };
const applied: CommandRow['exits'] = [
  [0, 'applied, or nothing was to do, and no file or entry was refused'],
  [1, 'otherwise'],
];

export const commands: Readonly<Record<CommandName, CommandRow>> = {
  run: {
    summary: 'the daemon: reconcile at start, on change and on a timer',
    mayWrite: true,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'after SIGTERM or SIGINT'],
      [1, 'another daemon runs already'],
      [75, 'the sandbox of the unit has lost a directory; it has to start anew'],
      [78, 'icspd.conf cannot be used, or MCO owns the node'],
    ],
    examples: ['systemctl enable --now icspd'],
    load: () => import('./run.ts'),
  },
  apply: {
    summary: 'reconcile once, now',
    mayWrite: true,
    operands: '',
    operandCount: none,
    exits: applied,
    examples: ['icspd apply', 'icspd apply --discard-drift'],
    load: () => import('./apply.ts'),
  },
  check: {
    summary: 'validate policy files, also in a pipeline; touches nothing',
    mayWrite: false,
    operands: '[FILE|DIR...]',
    operandCount: { min: 0, max: Infinity },
    exits: [
      [0, 'clean'],
      [1, 'errors; with --strict warnings too'],
    ],
    examples: ['icspd check', 'icspd check --strict --format github policies/'],
    load: () => import('./check.ts'),
  },
  render: {
    summary: 'print the registries.conf that would be written',
    mayWrite: false,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'rendered'],
      [1, 'a file or entry was refused; the rest is printed'],
    ],
    examples: ['icspd render --policy-dir policies/ --baseline registries.conf'],
    load: () => import('./render.ts'),
  },
  diff: {
    summary: 'what would change: in words, and as a unified diff',
    mayWrite: false,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'no difference'],
      [1, 'differences'],
      [2, 'trouble: no plan can be made'],
    ],
    examples: ['icspd diff'],
    load: () => import('./diff.ts'),
  },
  explain: {
    summary: 'every endpoint that a pull of IMAGE would try, in order, and why',
    mayWrite: false,
    operands: 'IMAGE',
    operandCount: { min: 1, max: 1 },
    exits: [
      [0, 'an endpoint is left'],
      [1, 'none is, or the runtime refuses the configuration'],
    ],
    examples: ['icspd explain quay.io/team/app', 'icspd explain --json ubi9:latest'],
    load: () => import('./explain.ts'),
  },
  status: {
    summary: 'what is in force and what needs attention',
    mayWrite: false,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'healthy, pinned too'],
      [1, 'needs attention; changes wait'],
      [2, 'unprotected: CRI-O would not start, or opens what is closed'],
      [3, 'the daemon does not run'],
    ],
    examples: ['icspd status', 'icspd status --json'],
    load: () => import('./status.ts'),
  },
  history: {
    summary: 'what was applied, when, by whom and why; newest first',
    mayWrite: false,
    operands: '[show N|diff N [M]]',
    operandCount: { min: 0, max: 3 },
    exits: [
      [0, 'shown'],
      [1, 'no such generation, or its file is no longer kept'],
    ],
    examples: ['icspd history', 'icspd history show 7', 'icspd history diff 7'],
    load: () => import('./history.ts'),
  },
  restore: {
    summary: 'go back: put an earlier file in force and hold it',
    mayWrite: true,
    operands: '[N]',
    operandCount: { min: 0, max: 1 },
    exits: [
      [0, 'that file stands and is held'],
      [1, 'it does not; a hold from before stays'],
    ],
    examples: [
      'icspd restore --previous --for 8h',
      'icspd restore 7 --reason "INC-42"',
      'icspd restore --baseline',
    ],
    load: () => import('./restore.ts'),
  },
  hold: {
    summary: 'hold what is in force, whatever the policies say',
    mayWrite: true,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'it is held'],
      [1, 'it is not; a hold from before stays'],
    ],
    examples: ['icspd hold --for 8h --reason "maintenance"'],
    load: () => import('./hold.ts'),
  },
  resume: {
    summary: 'end a hold and follow the policies again',
    mayWrite: true,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'nothing is held, and what was accepted is in force'],
      [1, 'otherwise'],
    ],
    examples: ['icspd resume'],
    load: () => import('./resume.ts'),
  },
  adopt: {
    summary: 'make a file that somebody changed the baseline, less the policies',
    mayWrite: true,
    operands: '',
    operandCount: none,
    exits: [
      [0, 'adopted, or only shown, or there is nothing to adopt'],
      [1, 'not adopted: it needs --force, or cannot be'],
    ],
    examples: ['icspd adopt --dry-run', 'icspd adopt'],
    load: () => import('./adopt.ts'),
  },
  import: {
    summary: 'turn a hand-written registries.conf into policies',
    mayWrite: false,
    operands: 'FILE...',
    operandCount: { min: 1, max: Infinity },
    exits: [
      [0, 'imported, as far as a policy can say it'],
      [1, 'a file cannot be read, or CRI-O would refuse it'],
    ],
    examples: [
      'icspd import /etc/containers/registries.conf',
      'icspd import --output-dir out registries.conf registries.conf.d/999-*.conf',
    ],
    load: () => import('./import.ts'),
  },
  completion: {
    summary: 'print the completion script of a shell',
    mayWrite: false,
    operands: 'bash|zsh|fish',
    operandCount: { min: 1, max: 1 },
    exits: [[0, 'printed']],
    examples: ['source <(icspd completion bash)'],
    load: () => import('./completion.ts'),
  },
};

/** Whether there is a command of this name. */
export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
