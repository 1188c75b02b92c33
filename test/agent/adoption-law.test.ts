// Whatever somebody makes of the file: adopted unasked, no pull goes elsewhere; by force, only where it was said before.
import test from 'ava';
import fc from 'fast-check';
import { planAdoption } from '../../src/agent/adoption.ts';
import { observe } from '../../src/agent/observation.ts';
import { plainOptions } from '../../src/agent/plan.ts';
import { compareConfs } from '../../src/registries/compare.ts';
import { mergeConfs, type MergedConf } from '../../src/registries/merge.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { compareResolution } from '../../src/registries/same-resolution.ts';
import { digestMirrorSet, makeNode, type ScratchNode } from './scratch-node.ts';

const conf = '/etc/containers/registries.conf';
const runs = Number(process.env['LIVES'] ?? '40');

const scopes = ['quay.io', 'quay.io/team', 'quay.io/team/app', 'reg.example:5000', 'other.example'];
const mirrors = ['m1.example', 'm2.example', 'm3.example'];

const table = fc.record({
  scope: fc.constantFrom(...scopes),
  mirrors: fc.uniqueArray(fc.constantFrom(...mirrors), { maxLength: 2 }),
  isBlocked: fc.boolean(),
});
const rule = fc.record({
  source: fc.constantFrom(...scopes),
  mirrors: fc.uniqueArray(fc.constantFrom(...mirrors), { minLength: 1, maxLength: 2 }),
});
const tables = fc.uniqueArray(table, { selector: ({ scope }) => scope, maxLength: 3 });
const edit = fc.oneof(
  fc.record({ do: fc.constant('add' as const), table }),
  fc.record({ do: fc.constant('mirror' as const), from: fc.constantFrom(...mirrors) }),
  fc.record({ do: fc.constant('cut' as const), at: fc.nat({ max: 5 }) }),
  fc.record({ do: fc.constantFrom('search' as const, 'strip' as const, 'replace' as const) }),
);

type Table = (typeof table extends fc.Arbitrary<infer T> ? T : never) & object;
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function toml({ scope, mirrors: locations, isBlocked }: Table): string {
  const block = isBlocked ? 'blocked = true\n' : '';
  const lines = locations.map((location) => `\n[[registry.mirror]]\nlocation = "${location}"\n`);
  return `\n[[registry]]\nlocation = "${scope}"\n${block}${lines.join('')}`;
}

function change(text: string, now: Edit): string {
  switch (now.do) {
    case 'add':
      return text.includes(`location = "${now.table.scope}"\n`) ? text : `${text}${toml(now.table)}`;
    case 'mirror':
      return text.replace(`location = "${now.from}"`, 'location = "by-hand.example"');
    case 'cut': {
      const parts = text.split('\n[[registry]]');
      if (parts.length < 2) return text;
      parts.splice(1 + (now.at % (parts.length - 1)), 1);
      return parts.join('\n[[registry]]');
    }
    case 'search':
      return text.replace('["own.example"]', '["own.example", "by-hand.example"]');
    case 'strip':
      return text.replace(/^(?:#.*\n)+/, '');
    case 'replace':
      return toml({ scope: 'theirs.example', mirrors: ['m1.example'], isBlocked: false });
  }
}

function merged(text: string): MergedConf | null {
  const { conf: parsed } = parseRegistriesConf(Buffer.from(text), conf);
  return parsed === null ? null : mergeConfs({ file: conf, conf: parsed }, []);
}

/** The scopes of pulls that go elsewhere, and settings that differ. */
function differences(before: string, after: string): readonly string[] {
  const [was, is] = [merged(before), merged(after)];
  const [a, b] = [before, after].map((text) => parseRegistriesConf(Buffer.from(text), conf).conf);
  if (was === null || is === null || !a || !b) return ['unreadable'];
  const settings = compareConfs(a, b).flatMap(({ scope, sentence }) => (scope === null ? [sentence] : []));
  return [...compareResolution(was, is).map(({ scope }) => scope), ...settings];
}

async function live(
  node: ScratchNode,
  baseline: readonly Table[],
  rules: readonly { source: string; mirrors: readonly string[] }[],
  edits: readonly Edit[],
): Promise<string | null> {
  node.write(conf, `unqualified-search-registries = ["own.example"]\n${baseline.map(toml).join('')}`);
  rules.forEach(({ source, mirrors: locations }, i) =>
    node.write(`/etc/icsp.d/${i}.json`, digestMirrorSet(source, ...locations)),
  );
  await node.apply();
  const edited = edits.reduce(change, node.conf() ?? '');
  node.write(conf, edited);
  const { host, paths, settings, readings } = node.agent;
  const seen = await observe(host, settings, readings);
  const context = { paths, settings, options: plainOptions, digest: host.digest.bind(host) };
  const adoption = planAdoption(seen, context, (digest) => host.generations.text(digest));
  if (adoption.kind !== 'adopt') return null;
  const isEdited = edited.startsWith('#');
  const order = { adopt: { digest: host.digest(edited), force: false }, allowRemoval: true };
  const unasked = await node.apply(order);
  const isDone = unasked.outcome === 'applied' || unasked.outcome === 'unchanged';
  if (adoption.needsForce === isDone) return `needs force ${String(adoption.needsForce)}, ${unasked.outcome}`;
  if (
    !isDone &&
    (await node.apply({ adopt: { ...order.adopt, force: true }, allowRemoval: true })).outcome === 'refused'
  )
    return null;
  const found = differences(edited, node.conf() ?? '');
  const said = new Set([...adoption.differences.map(({ scope }) => scope), ...adoption.settings]);
  const ours = new Set(rules.map(({ source }) => source));
  const unsaid = found.filter(
    (what) => !said.has(what) && (isEdited || ![...ours].some((source) => what.startsWith(source))),
  );
  if (unsaid.length > 0 && (isEdited || !unsaid.every((what) => what.startsWith('search'))))
    return unsaid.join(', ');
  const again = await node.apply();
  return again.outcome === 'unchanged' ? null : `a second reconcile: ${again.outcome}`;
}

test('after an adoption every scope resolves as on disk before, or it was said which does not', async (t) => {
  t.timeout(24 * 3_600_000);
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.array(rule, { minLength: 1, maxLength: 3 }),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      async (baseline, rules, edits) => {
        const node = makeNode();
        try {
          const fault = await live(node, baseline, rules, edits);
          if (fault !== null) throw new Error(fault);
        } finally {
          node.dispose();
        }
      },
    ),
    { numRuns: runs },
  );
  t.pass();
});
