// Whole processes: what a command costs an operator or a script, its start included.
import { measure } from '../../hostile/measured.ts';
import { startGoPeer } from '../go-peer.ts';
import { makeNodeTree } from '../node-tree.ts';
import { makeObjects } from '../policies.ts';
import { program, timeRun } from '../program.ts';
import { spreadOf, type Line, type Row, type Size } from '../row.ts';

const sizes: Readonly<Record<Size, { many: number; few: number; runs: number }>> = {
  full: { many: 10_000, few: 200, runs: 7 },
  small: { many: 200, few: 20, runs: 2 },
};

export const commandRow: Row = {
  name: 'commands, beside an empty program of the same Node.js, Go and a parse of the file',
  async measure(size) {
    const { many, few, runs } = sizes[size];
    return [measureStart(few, runs), ...(await measureMany(many, runs))];
  },
};

function measureStart(sources: number, runs: number): Line {
  const tree = makeNodeTree(sources);
  try {
    const [ours, theirs] = inTurns(runs, [
      () => timeRun(program, ['render', '--root', tree.root]),
      () => timeRun(process.execPath, ['-e', '0']),
    ]);
    return lineOf(`icspd render, ${sources} sources`, ours, theirs, 'node -e 0', 4);
  } finally {
    tree.remove();
  }
}

async function measureMany(sources: number, runs: number): Promise<readonly Line[]> {
  const tree = makeNodeTree(sources);
  const peer = startGoPeer();
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { composeMs, encodeMs } = await peer.measure(makeObjects(sources));
      theirs.push(composeMs + encodeMs);
      ours.push(timeRun(program, ['render', '--root', tree.root]));
    }
    timeRun(program, ['apply', '--root', tree.root]);
    const explain = ['explain', 'docker.io/team-0/application-0:1'];
    const [explained, parsed] = inTurns(runs, [
      () => timeRun(program, [...explain, '--root', tree.root]),
      () => timeRun(process.execPath, ['-e', parse, tree.registriesConf]),
    ]);
    const peaks = [['render'], explain, ['check']].map((words) => measure(tree.root, ...words).maxRssMiB);
    return [
      lineOf(`icspd render, ${sources} sources`, ours, theirs, 'Go, no YAML', 1),
      lineOf(`icspd explain, ${sources} sources`, explained, parsed, 'parse in a process', 1.5),
      {
        what: `peak memory of render, explain, check, ${sources} sources`,
        unit: 'MiB',
        ours: spreadOf(peaks),
        peer: null,
        peerName: '',
        bar: 256,
        isWorst: true,
      },
    ];
  } finally {
    peer.close();
    tree.remove();
  }
}

const toml = JSON.stringify(new URL(import.meta.resolve('@iarna/toml')).pathname);
const parse = `require(${toml}).parse(require('node:fs').readFileSync(process.argv[1], 'utf8'))`;

function inTurns(
  runs: number,
  [ours, theirs]: readonly [() => number, () => number],
): readonly [readonly number[], readonly number[]] {
  const taken = Array.from({ length: runs }, () => [ours(), theirs()] as const);
  return [taken.map(([our]) => our), taken.map(([, their]) => their)];
}

function lineOf(
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  peerName: string,
  bar: number,
): Line {
  return { what, unit: 'ms', ours: spreadOf(ours), peer: spreadOf(theirs), peerName, bar };
}
