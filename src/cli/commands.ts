// The table of commands: help, usage errors and main.ts all read it.
import type { CommandRow, OptionSpecs } from './command.ts';

/** Options that every command takes. */
export const globalOptions = {
  root: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  verbose: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const satisfies OptionSpecs;

export const globalOptionHelp: Readonly<Record<keyof typeof globalOptions, string>> = {
  root: 'DIR   work below DIR instead of / (image builds, tests)',
  config: 'FILE   settings; default /etc/icspd/icspd.conf',
  json: 'one JSON document on stdout',
  'no-color': 'no colour; also NO_COLOR, and off a terminal',
  quiet: 'errors only',
  verbose: 'notices too',
  help: 'this help, or that of a command',
  version: 'the version',
};

const renderInputs = {
  'policy-dir': { type: 'string', multiple: true },
  baseline: { type: 'string' },
  'crio-version': { type: 'string' },
} as const satisfies OptionSpecs;

const renderInputHelp = {
  'policy-dir': 'DIR   read policies from DIR (repeatable, lowest precedence first)',
  baseline: 'FILE   use FILE as the baseline',
  'crio-version': 'V   render for CRI-O V, such as 1.24',
};

export const commands: Readonly<Record<string, CommandRow>> = {
  run: {
    summary: 'the daemon: reconcile at start, on change and on a timer',
    usage: 'run',
    options: {},
    optionHelp: {},
    positionals: { min: 0, max: 0 },
    load: () => import('./run.ts'),
  },
  apply: {
    summary: 'reconcile once, now',
    usage: 'apply [--discard-drift] [--retry]',
    options: { 'discard-drift': { type: 'boolean' }, retry: { type: 'boolean' } },
    optionHelp: {
      'discard-drift': 'overwrite a registries.conf that somebody else changed',
      retry: 'try again a rendering that CRI-O refused',
    },
    positionals: { min: 0, max: 0 },
    load: () => import('./apply.ts'),
  },
  check: {
    summary: 'validate policy files without touching the node; for people and pipelines',
    usage: 'check [FILE|DIR...] [--strict] [--format text|json|github]',
    options: { ...renderInputs, strict: { type: 'boolean' }, format: { type: 'string' } },
    optionHelp: {
      ...renderInputHelp,
      strict: 'warnings fail too',
      format: 'text, json or github (annotations)',
    },
    positionals: { min: 0, max: Infinity },
    load: () => import('./check.ts'),
  },
  render: {
    summary: 'print the registries.conf that would be written',
    usage: 'render [--policy-dir DIR] [--baseline FILE] [--crio-version V]',
    options: renderInputs,
    optionHelp: renderInputHelp,
    positionals: { min: 0, max: 0 },
    load: () => import('./render.ts'),
  },
  diff: {
    summary: 'show what would change, and why',
    usage: 'diff [--policy-dir DIR] [--baseline FILE] [--crio-version V]',
    options: renderInputs,
    optionHelp: renderInputHelp,
    positionals: { min: 0, max: 0 },
    load: () => import('./diff.ts'),
  },
  explain: {
    summary: 'show every endpoint that a pull of IMAGE would try, in order, and why',
    usage: 'explain IMAGE',
    options: {},
    optionHelp: {},
    positionals: { min: 1, max: 1 },
    load: () => import('./explain.ts'),
  },
  status: {
    summary: 'show what is in force and what needs attention',
    usage: 'status',
    options: {},
    optionHelp: {},
    positionals: { min: 0, max: 0 },
    load: () => import('./status.ts'),
  },
  restore: {
    summary: 'go back: put an earlier file in force and hold it',
    usage: 'restore --previous|--baseline [--reason TEXT] [--for 8h]',
    options: {
      previous: { type: 'boolean' },
      baseline: { type: 'boolean' },
      reason: { type: 'string' },
      for: { type: 'string' },
    },
    optionHelp: {
      previous: 'the newest applied file that differs from the one in force',
      baseline: "the administrator's own file, without any policy",
      reason: 'TEXT   why, for the record',
      for: 'TIME   hold it for so long, such as 8h; otherwise until icspd resume',
    },
    positionals: { min: 0, max: 0 },
    load: () => import('./restore.ts'),
  },
  resume: {
    summary: 'end a hold and follow the policies again',
    usage: 'resume',
    options: {},
    optionHelp: {},
    positionals: { min: 0, max: 0 },
    load: () => import('./resume.ts'),
  },
};
