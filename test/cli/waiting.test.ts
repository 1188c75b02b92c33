// What an operator reads where a change waits or is refused, and the option that lets it through.
import test from 'ava';
import { digestPolicy, makeRoot, type Root } from './program.ts';

const conf = '/etc/containers/registries.conf';
const settings = '/etc/icspd/icspd.conf';
const policy = '/etc/icsp.d/team.yaml';

const tagPolicy = digestPolicy
  .replace('ImageDigestMirrorSet', 'ImageTagMirrorSet')
  .replace('imageDigestMirrors', 'imageTagMirrors');

/** Sources quay.io/1 to quay.io/`count`. */
function manySources(count: number): string {
  const entries = Array.from(
    { length: count },
    (_, n) => `    - source: quay.io/${n + 1}\n      mirrors:\n        - m.example/${n + 1}\n`,
  );
  return `${digestPolicy.slice(0, digestPolicy.indexOf('    - source'))}${entries.join('')}`;
}

/** The digest of the plan, as these commands tell it. */
async function planDigests(root: Root, ...commands: readonly string[]): Promise<readonly unknown[]> {
  const documents = await Promise.all(commands.map((command) => root.json(command)));
  return documents.map(({ document }) => (document as { readonly planDigest: unknown }).planDigest);
}

test('under apply = "safe", status says what waits and how to make it; apply makes it', async (t) => {
  const root = makeRoot(t);
  root.write(settings, 'apply = "safe"\n');
  root.write(policy, tagPolicy);
  const before = await root.icspd('status');
  t.is(before.code, 1);
  t.regex(
    before.out,
    /^attention: 1 change waits, since apply = "safe"; icspd diff, then icspd apply\n[^]*waiting +risky: quay\.io\/team: added with tag mirror/,
  );
  t.regex((await root.icspd('diff')).out, /^risky: quay\.io\/team: added with tag mirror/);
  t.regex((await root.icspd('render')).out, /tag-only/);
  const { code, out } = await root.icspd('apply');
  t.is(code, 0);
  t.regex(out, /^applied\n {2}risky: /);
  t.regex((await root.icspd('status')).out, /^healthy: /);
});

test('under apply = "observe", every command shows the same plan, and none makes it', async (t) => {
  const root = makeRoot(t);
  root.write(settings, 'apply = "observe"\n');
  root.write(policy, digestPolicy);
  const before = root.read(conf);
  const { code, out } = await root.icspd('apply');
  t.is(code, 1);
  t.regex(
    out,
    /^parked, nothing was written: changes wait: apply = "observe"\n {2}safe: quay\.io\/team: added/,
  );
  t.regex(
    (await root.icspd('status')).out,
    /^attention: 1 change waits, since apply = "observe"; icspd diff\n/,
  );
  const digests = await planDigests(root, 'status', 'diff', 'apply');
  t.regex(String(digests[0]), /^[0-9a-f]{64}$/);
  t.is(new Set(digests).size, 1);
  t.is(root.read(conf), before);
});

test('where most sources would go, apply lists them and waits for --allow-removal', async (t) => {
  const root = makeRoot(t);
  root.write(policy, manySources(12));
  await root.icspd('apply');
  const before = root.read(conf);
  root.write(policy, manySources(1));
  const { code, out, err } = await root.icspd('apply');
  t.is(code, 1);
  t.regex(out, /^parked, nothing was written: most sources would go, which waits for an order$/m);
  t.is(out.match(/^ {2}risky: quay\.io\/\d+: removed$/gm)?.length, 11);
  t.regex(err, /ICSP353: 11 of the 12 sources that policies gave would go[^]*icspd apply --allow-removal/);
  t.is(root.read(conf), before);
  t.regex((await root.icspd('status')).out, /^attention: 11 changes wait, since most sources would go; /);
  t.is((await root.icspd('apply', '--allow-removal')).code, 0);
  t.notRegex(root.read(conf) ?? '', /quay\.io\/2"/);
});

test('a change that locks a needed image out is refused with the line that does; --allow-lockout makes it', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/crio/crio.conf.d/10-pause.conf', '[crio.image]\npause_image = "quay.io/team/pause:3"\n');
  root.write(policy, `${digestPolicy}      mirrorSourcePolicy: NeverContactSource\n`);
  const before = root.read(conf);
  const refused = await root.icspd('apply');
  t.is(refused.code, 1);
  t.regex(refused.out, /^refused: nothing was written\n/);
  t.regex(
    refused.err,
    /team\.yaml:7: error ICSP350: the image "quay\.io\/team\/pause:3" \(the pause image of CRI-O in ".*10-pause\.conf"\) would be left without/,
  );
  t.is(root.read(conf), before);
  t.is((await root.icspd('apply', '--allow-lockout')).code, 0);
  const status = await root.icspd('status');
  t.is(status.code, 1);
  t.regex(status.out, /^attention: the image "quay\.io\/team\/pause:3" .* has no endpoint/);
  const again = await root.icspd('apply');
  t.deepEqual(
    [again.code, again.out],
    [0, 'unchanged: registries.conf is as the policies say (1 warning: icspd status)\n'],
  );
});
