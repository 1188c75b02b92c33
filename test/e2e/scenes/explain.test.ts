// What icspd explain says of a pull is what CRI-O does: for many random policies, endpoint by endpoint, in order.
import test from 'ava';
import { oneRound, pull } from '../crio.ts';
import { icspd, putPolicy } from '../icspd.ts';
import { mark } from '../journal.ts';
import { chanceOf, pick, randomPolicies } from '../random-policies.ts';
import { address, manifestTrail } from '../registry.ts';
import { story } from '../story.ts';

const system = story();
const sets = Number(process.env['E2E_EXPLAIN_SETS'] ?? 50);
const seed = Number(process.env['SEED'] ?? 58244363);
const digest = `sha256:${'5'.repeat(64)}`;

// Every one of these answers, and none has an image: so a pull goes through all its endpoints, and the log shows them.
const names = ['a', 'b', 'c', 'd'].map((name) => `${name}.${address('mirror')}`);
const [a = '', b = '', c = '', d = ''] = names;
const sources = [a, `${a}/team`, `${a}/team/app`, `${b}/team`, `${b}/other/app`, '*.mirror.lab.example'];
const mirrors = [c, `${c}/cache`, `${d}/copy/team`, d, `${address('origin')}/far`, `${b}/team`];
const images = [
  `${a}/team/app`,
  `${a}/team/app/deep`,
  `${a}/other`,
  `${b}/team/app`,
  `${b}/other/app`,
  `${c}/cache/app`,
];

/** Where a pull goes, by icspd: all endpoints that it contacts, in order. */
async function explained(reference: string): Promise<readonly string[]> {
  const { stdout } = await icspd(system(), 'explain', '--json', reference);
  const { endpoints } = JSON.parse(stdout) as {
    readonly endpoints: readonly { readonly reference: string; readonly blocked: boolean }[];
  };
  return endpoints.filter(({ blocked }) => !blocked).map((endpoint) => endpoint.reference);
}

test(`${sets} random sets of policies: CRI-O asks whom explain names, by digest and by tag, in that order`, async (t) => {
  t.timeout(600_000);
  // One look for a set, not one for each of its files.
  await system().must('systemctl', 'stop', 'icspd');
  const chance = chanceOf(seed);
  let compared = 0;
  let longest = 0;
  for (let set = 0; set < sets; set += 1) {
    const image = pick(chance, images);
    const files = randomPolicies(chance, sources, mirrors);
    await system().must('bash', '-c', 'rm -f /etc/icsp.d/*');
    for (const [name, text] of files) putPolicy(system(), name, text);
    await system().must('icspd', 'apply', '--allow-removal');
    const before = await mark(system());
    const references = [`${image}@${digest}`, `${image}:1`];
    const [said] = await Promise.all([
      Promise.all(references.map(explained)),
      Promise.all(references.map(async (reference) => pull(system(), reference))),
    ]);
    const trail = (await manifestTrail(system(), before)).map(({ reference }) => reference);
    for (const [index, version] of [`@${digest}`, ':1'].entries()) {
      const expected = said[index] ?? [];
      const asked = oneRound(trail.filter((reference) => reference.endsWith(version)));
      const words = `seed ${seed}, set ${set}, ${image}${version}:\n${[...files.values()].join('')}`;
      t.deepEqual(asked, expected, words);
      compared += 1;
      longest = Math.max(longest, expected.length);
    }
  }
  t.log(`${compared} pulls compared; the longest way had ${longest} endpoints`);
  t.is(compared, 2 * sets);
  t.true(longest >= 4);
});
