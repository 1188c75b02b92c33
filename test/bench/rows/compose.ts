// Parsed policies in memory → the text of registries.conf, the check of that text apart; beside OpenShift's own code in Go.
import { compose } from '../../../src/compose/compose.ts';
import type { PolicyContent } from '../../../src/policy/rule.ts';
import { emptyConf } from '../../../src/registries/model.ts';
import { renderRegistriesConf } from '../../../src/registries/render.ts';
import { startGoPeer, type GoPeer } from '../go-peer.ts';
import { contentOf, makeObjects } from '../policies.ts';
import { spreadOf, type Line, type Row, type Size, type Spread } from '../row.ts';

const sizes: Readonly<Record<Size, { many: number; tenth: number; few: number; runs: number }>> = {
  full: { many: 10_000, tenth: 1_000, few: 100, runs: 7 },
  small: { many: 1_000, tenth: 100, few: 100, runs: 3 },
};

const warmUps = 10;

export const composeRow: Row = {
  name: 'compose + render, beside runtime-utils and BurntSushi/toml',
  async measure(size) {
    const { many, tenth, few, runs } = sizes[size];
    const peer = startGoPeer();
    try {
      // The few first: what is done rarely must not live on code that the many have warmed up.
      const ofFew = await measureBoth(peer, few, 3 * runs);
      const ofMany = await measureBoth(peer, many, runs);
      return [lineOf(few, ofFew, 1), lineOf(many, ofMany, 1 / 20), measureGrowth(many, tenth, runs)];
    } finally {
      peer.close();
    }
  },
};

function lineOf(sources: number, both: { ours: Spread; peer: Spread }, bar: number): Line {
  return {
    what: `compose + render, ${sources} sources × 3 mirrors`,
    unit: 'ms',
    ...both,
    peerName: 'Go',
    bar,
  };
}

/** In turns, so that whatever else the machine does meets both. */
async function measureBoth(
  peer: GoPeer,
  sources: number,
  runs: number,
): Promise<{ ours: Spread; peer: Spread }> {
  const objects = makeObjects(sources);
  const content = contentOf(objects);
  // The engine compiles what runs often: the daemon's state, not that of a command, which has rows of its own.
  repeat(warmUps, content);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { composeMs, encodeMs, tables } = await peer.measure(objects);
    if (tables !== sources) throw new Error(`the peer made ${tables} tables of ${sources} sources`);
    theirs.push(composeMs + encodeMs);
    ours.push(composeOnce(content));
  }
  return { ours: spreadOf(ours), peer: spreadOf(theirs) };
}

/**
 * All at once, against the same in tenths one after the other: both read as much memory, and to both belongs the garbage that
 * they leave behind, which single runs of a tenth leave to the next one.
 */
function measureGrowth(many: number, tenth: number, runs: number): Line {
  const objects = makeObjects(many);
  const perTenth = objects.length / (many / tenth);
  const all = contentOf(objects);
  const tenths = Array.from({ length: many / tenth }, (_, i) =>
    contentOf(objects.slice(i * perTenth, (i + 1) * perTenth)),
  );
  const sumOfTenths = (): number => tenths.reduce((sum, content) => sum + composeOnce(content), 0);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = -warmUps; run < 2 * runs; run += 1) {
    const [atOnce, inTenths] = [composeOnce(all), sumOfTenths()];
    if (run < 0) continue;
    ours.push(atOnce);
    theirs.push(inTenths);
  }
  return {
    what: `compose + render, ${many} sources, against ${many / tenth} times ${tenth} (linear)`,
    unit: 'ms',
    ours: spreadOf(ours),
    peer: spreadOf(theirs),
    peerName: 'ours',
    bar: 12 / 10,
  };
}

function repeat(runs: number, content: PolicyContent): readonly number[] {
  return Array.from({ length: runs }, () => composeOnce(content));
}

const encoder = new TextEncoder();

/** In milliseconds of processor time, that of the collector included: what else the machine does counts for neither. */
function composeOnce(content: PolicyContent): number {
  const start = process.cpuUsage();
  const { conf } = compose({ content, baseline: emptyConf, dropIns: [], contentHosts: ['*'] });
  // As bytes, like the peer: the engine puts a text together when it is read for the first time.
  const { length } = encoder.encode(renderRegistriesConf(conf));
  const { user, system } = process.cpuUsage(start);
  if (conf.registries.length !== content.rules.length || length === 0) throw new Error('a table is missing');
  return (user + system) / 1000;
}
