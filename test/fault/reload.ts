// What systemd, CRI-O and the journal may do while a file is put in force, and what has to come of it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { put } from './icspd.ts';
import { openJail, type Jail } from './jail.ts';
import { leftoversIn, readTarget } from './judge.ts';
import type { Ended } from './processes.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { inspectState } from './state.ts';
import {
  appliedWith,
  countReloads,
  logLine,
  play,
  refusalOf,
  startRefusalOf,
  type Entry,
  type Format,
  type Unit,
} from './unit.ts';

const source = 'quay.io/team';
const [oldMirror, newMirror] = ['old.example/team', 'new.example/team'];
const dropIn = '/etc/containers/registries.conf.d/50-other.conf';

/** One run of `icspd apply` with such a unit, and what has to come of it. */
export interface Step {
  readonly unit: Unit;
  /** Outcome, proof, and the file that stands then. */
  readonly expect: `${string} ${string} ${'old' | 'new'}`;
  readonly reloads: number;
}

/** In the first step the policies have changed since the file was written that CRI-O runs on. */
export interface Row {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** Where rows are played: a node in a jail, with the old file in force. */
export interface Stage {
  readonly scratch: Scratch;
  readonly jail: Jail;
  readonly template: string;
  readonly files: ReadonlyMap<string, 'old' | 'new'>;
}

const loaded: Unit = { says: [by('text', 'info', appliedWith(source, newMirror))] };

export async function openStage(): Promise<Stage> {
  const scratch = await openScratch();
  const { root } = scratch;
  const jail = openJail(scratch);
  put(root, 'etc/icspd/icspd.conf', '[reload]\ntimeout = "1s"\n');
  mkdirSync(join(root, 'etc/containers'), { recursive: true });
  const write = async (mirror: string): Promise<string> => {
    put(root, 'etc/icsp.d/team.yaml', policyWith(mirror));
    play(jail, { says: [by('text', 'info', appliedWith(source, mirror))] });
    const { code, out, err } = await jail.icspd('apply');
    if (code !== 0) throw new Error(`${out}${err}`);
    return readTarget(root)?.toString() ?? '';
  };
  const old = await write(oldMirror);
  const template = await scratch.keep('node');
  const files = new Map([
    [old, 'old' as const],
    [await write(newMirror), 'new' as const],
  ]);
  return { scratch, jail, template, files };
}

function policyWith(mirror: string): string {
  return `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata: { name: team }
spec: { imageDigestMirrors: [{ source: ${source}, mirrors: [${mirror}] }] }
`;
}

function by(format: Format, level: string, message: string): Entry {
  return { message: logLine(format, level, message) };
}

const applied = 'applied applied new';
const again: Step = { unit: loaded, expect: applied, reloads: 1 };
const done: Step = { unit: loaded, expect: 'unchanged null new', reloads: 0 };
/** What was refused stays away though CRI-O would take it now: nothing has changed since. */
const takenBack: Step = { unit: loaded, expect: 'rolled-back null old', reloads: 0 };

/** Each of the proofs, in each of the formats. */
export function wordsIn(format: Format): readonly Row[] {
  const saying = (...says: readonly Entry[]): Unit => ({ says });
  const yes = by(format, 'info', appliedWith(source, newMirror));
  const no = by(format, 'error', refusalOf());
  const refused: Step = { unit: saying(no), expect: 'rolled-back refused old', reloads: 2 };
  const unproven = (unit: Unit): readonly Step[] => [{ unit, expect: 'applied none new', reloads: 1 }];
  const elsewhere = (message: string): readonly Step[] => [
    { unit: saying(by(format, 'error', message)), expect: 'degraded blocked-elsewhere new', reloads: 1 },
    again,
  ];
  const forged: readonly (readonly [string, Entry])[] = [
    ['another process of the unit', { ...no, pid: 164 }],
    ['syslog', { ...no, transport: 'syslog' }],
    ['the native protocol of the journal', { ...no, transport: 'journal' }],
    ['a registry, inside another line', by(format, 'error', `pinging: unexpected status: ${refusalOf()}`)],
    ['a registry, as a whole line', by(format, 'error', `pinging: ${no.message}`)],
    ['a registry, behind a line feed', by(format, 'error', `pinging:\n${no.message}`)],
    ['nobody knows whom, at another level', by(format, 'warning', refusalOf())],
  ];
  return [
    {
      title: 'it says that it applied the file',
      steps: [{ unit: saying(yes), expect: applied, reloads: 1 }, done],
    },
    {
      title: 'it says so in a line that journald cut',
      steps: [{ unit: saying({ message: yes.message.slice(0, 150) }), expect: applied, reloads: 1 }],
    },
    { title: 'it refuses the file', steps: [refused, takenBack] },
    { title: 'it refuses a drop-in', steps: elsewhere(refusalOf(dropIn)) },
    {
      title: 'it refuses something else',
      steps: elsewhere('Unable to reload configuration: invalid log level: loud'),
    },
    { title: 'it says nothing', steps: [...unproven(saying()), done] },
    {
      title: 'it says that it applied what stood there before',
      steps: unproven(saying(by(format, 'info', appliedWith(source, oldMirror)))),
    },
    ...forged.flatMap(([who, entry]) => [
      { title: `a refusal is from ${who}`, steps: unproven(saying(entry)) },
      {
        title: `a refusal is from ${who}, and then it says what is`,
        steps: [{ unit: saying(entry, yes), expect: applied, reloads: 1 }] as const,
      },
    ]),
    {
      title: 'that it was applied is from another process, and then it refuses the file',
      steps: [{ ...refused, unit: saying({ ...yes, pid: 164 }, no) }, takenBack],
    },
  ];
}

const failing: Step['expect'] = 'degraded pending new';
export const commands: readonly Row[] = [
  ...(
    [
      ['the reload fails', { reload: 'echo no >&2; exit 1' }],
      ['the reload hangs', { reload: 'exec sleep 600' }],
      ['the reload hangs, and takes no SIGTERM', { reload: "trap '' TERM INT HUP; sleep 600; sleep 600" }],
      ['systemd does not answer', { show: 'echo "Failed to connect to bus" >&2; exit 1', reload: 'exit 1' }],
    ] satisfies readonly (readonly [string, Unit])[]
  ).map(([title, unit]) => ({
    title,
    steps: [{ unit, expect: failing, reloads: 'show' in unit ? 0 : 1 }, again],
  })),
  {
    title: 'a grandchild of the reload keeps its pipes',
    steps: [{ unit: { ...loaded, reload: 'sleep 600 &' }, expect: applied, reloads: 1 }],
  },
  {
    title: 'the reload never stops talking',
    steps: [{ unit: { ...loaded, reload: 'yes & exit 0' }, expect: applied, reloads: 1 }],
  },
  ...(
    [
      ['the journal cannot be read', { journalFirst: 'exit 1' }],
      ['the journal hangs before the reload', { journalFirst: 'exec sleep 600' }],
      ['the journal is followed, and nothing comes', { journalLast: 'exec sleep 600' }],
      ['a grandchild of the journal keeps its pipes', { journalLast: 'sleep 600 &' }],
      ['the journal is not in a form that it has', { journalLast: "printf '\\0\\377{\\n[]\\nnull\\n{}\\n'" }],
    ] satisfies readonly (readonly [string, Unit])[]
  ).map(([title, unit]) => ({
    title,
    steps: [{ unit, expect: 'applied none new' as const, reloads: 1 }],
  })),
];

const pending: Step['expect'] = 'applied pending new';
const owed: Step = { unit: { active: 'inactive' }, expect: pending, reloads: 0 };
export const units: readonly Row[] = [
  ...(['inactive', 'failed', 'activating', 'deactivating', 'reloading'] as const).flatMap((active) => [
    {
      title: `it is ${active}, and up again later`,
      steps: [
        { unit: { active }, expect: pending, reloads: 0 },
        { unit: { started: 'now' }, expect: 'applied started-after new', reloads: 0 },
      ] as const,
    },
    {
      title: `it is ${active}, and was up all the time`,
      steps: [{ unit: { active }, expect: pending, reloads: 0 }, again] as const,
    },
  ]),
  {
    title: 'it starts between the write and the reload',
    steps: [{ unit: { started: 'now' }, expect: 'applied started-after new', reloads: 0 }, done],
  },
  {
    title: 'there is none',
    steps: [{ unit: { load: 'not-found', active: 'inactive' }, expect: 'applied none new', reloads: 0 }],
  },
  {
    title: 'systemd does not run',
    steps: [
      {
        unit: { show: 'echo "System has not been booted with systemd as init system" >&2; exit 1' },
        expect: 'applied none new',
        reloads: 0,
      },
    ],
  },
];

/** It was started on the new file, and is down. */
export function startsIn(format: Format): readonly Row[] {
  const no = by(format, 'fatal', startRefusalOf());
  const down = (lastWords: readonly Entry[], active: Unit['active'] = 'failed'): Unit => ({
    active,
    started: 'now',
    lastWords,
  });
  const stays = (title: string, entry: Entry): Row => ({
    title,
    steps: [owed, { unit: down([entry]), expect: 'unchanged pending new', reloads: 0 }, again],
  });
  return [
    ...(['failed', 'activating', 'inactive'] as const).map((active) => ({
      title: `it does not start on the file, and is ${active}`,
      steps: [
        owed,
        { unit: down([no], active), expect: 'rolled-back refused old', reloads: 0 } as const,
        takenBack,
      ],
    })),
    {
      title: 'it does not start for a drop-in',
      steps: [
        owed,
        {
          unit: down([by(format, 'fatal', startRefusalOf(dropIn))]),
          expect: 'degraded blocked-elsewhere new',
          reloads: 0,
        },
        again,
      ],
    },
    stays('it does not start for another reason', by(format, 'fatal', 'listen: address already in use')),
    stays('another process says that it does not start on the file', { ...no, pid: 164 }),
    stays('somebody says so over syslog', { ...no, transport: 'syslog' }),
    stays('it says so, and that is not why it ended', by(format, 'error', startRefusalOf())),
  ];
}

/** Puts the policies of the jail in force, as `icspd apply --json` does, and says outcome and proof. */
export type Prover = (jail: Jail) => Promise<Ended>;

/** What is wrong with what came of a row. */
export async function playRow(stage: Stage, row: Row, prove: Prover): Promise<readonly string[]> {
  const { scratch, template } = stage;
  const complaints: string[] = [];
  await scratch.place(template);
  put(scratch.root, 'etc/icsp.d/team.yaml', policyWith(newMirror));
  for (const [index, step] of row.steps.entries()) {
    const words = await judgeStep(stage, step, prove);
    complaints.push(...words.map((each) => `${row.title}, run ${index + 1}: ${each}`));
  }
  return complaints;
}

/** A run that hangs is killed by the time limit of `run`, and says nothing. */
async function judgeStep(
  { scratch: { root }, jail, files }: Stage,
  { unit, expect, reloads }: Step,
  prove: Prover,
): Promise<readonly string[]> {
  play(jail, unit);
  const { out, err } = await prove(jail);
  const { outcome, proof } = (out === '' ? {} : JSON.parse(out)) as Record<string, unknown>;
  const file = files.get(readTarget(root)?.toString() ?? '') ?? 'wrong';
  const found = `${String(outcome)} ${String(proof)} ${file}`;
  const counted = countReloads(jail);
  return [
    ...(found === expect ? [] : [`${found}, not ${expect}: ${err}${out}`]),
    ...(counted === reloads ? [] : [`${counted} reloads, not ${reloads}`]),
    ...inspectState(root),
    ...leftoversIn(root).map((path) => `${path} is left over`),
  ];
}
