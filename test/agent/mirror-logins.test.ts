// Which mirror hosts are told to have no credentials, by what CRI-O has credentials for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { judgeLogins } from '../../src/agent/mirror-logins.ts';
import type { RegistryLogins } from '../../src/agent/ports.ts';
import type { Finding } from '../../src/finding.ts';
import { mergeConfs } from '../../src/registries/merge.ts';
import { confOf, mirror, origin, registry } from '../registries/build.ts';
import { digestMirrorSet, makeNode } from './scratch-node.ts';

const file = '/etc/crio/pull-secret';

/** Mirrors of policies, one per line of the file; those of `own` are the administrator's. */
function judge(
  mirrors: readonly string[],
  scopes: RegistryLogins['scopes'] | null,
  own: readonly string[] = [],
): readonly Finding[] {
  const ours = mirrors.map((location, i) => mirror(location, { origins: [{ ...origin, line: i + 1 }] }));
  const others = own.map((location) => mirror(location, {}));
  const conf = confOf(registry('quay.io/team', { origins: [origin], mirrors: [...ours, ...others] }));
  return judgeLogins(mergeConfs({ file: 'main', conf }, []), scopes === null ? null : { file, scopes });
}

const rows: readonly (readonly [
  title: string,
  mirrors: readonly string[],
  scopes: readonly string[] | null,
  lines: readonly number[],
])[] = [
  ['without a file of credentials nothing is known', ['a.x/team', 'b.x/team'], null, []],
  ['without any credentials no host stands out', ['a.x/team', 'b.x/team'], [], []],
  ['credentials for registries that are no mirrors say nothing', ['a.x/team', 'b.x/team'], ['quay.io'], []],
  ['with credentials for all of them nothing is missing', ['a.x/team', 'b.x/team'], ['a.x', 'b.x'], []],
  ['one without is told where another has some', ['a.x/team', 'b.x/team'], ['a.x'], [2]],
  ['a host is told once, where it stands first', ['a.x', 'b.x/one', 'b.x/two'], ['a.x'], [2]],
  ['each host that has none is told', ['b.x', 'a.x', 'c.x'], ['a.x'], [1, 3]],
  ['a port makes another host', ['a.x:5000/team', 'a.x/team'], ['a.x'], [1]],
  ['credentials of a path count for what lies below', ['a.x/team/app', 'b.x'], ['a.x/team'], [2]],
  ['and for a mirror around it', ['a.x', 'b.x'], ['a.x/team'], [2]],
  ['but not for a neighbour', ['a.x/team2', 'b.x'], ['a.x/team', 'b.x'], [1]],
  ['one of its mirrors speaks for the host', ['a.x/one', 'a.x/two', 'b.x'], ['a.x/two'], [3]],
];

for (const [title, mirrors, scopes, lines] of rows) {
  test(title, (t) => {
    const findings = judge(mirrors, scopes);
    t.deepEqual(
      findings.map(({ line }) => line),
      lines,
    );
    t.true(findings.every(({ id, severity }) => id === 'ICSP131' && severity === 'warning'));
  });
}

test("the administrator's mirrors are nobody's to warn of, and count as others that have credentials", (t) => {
  t.deepEqual(judge(['a.x'], ['a.x'], ['b.x']), []);
  t.is(judge(['a.x'], ['b.x'], ['b.x']).length, 1);
});

test('the warning names the host, the file and the command', (t) => {
  const [found] = judge(['a.x/team', 'b.x:5000/team'], ['a.x']);
  t.is(
    found?.message,
    'the mirror host "b.x:5000" has no credentials in "/etc/crio/pull-secret", the global_auth_file of CRI-O, where other mirror hosts have some',
  );
  t.is(
    found?.help,
    'run podman login --authfile /etc/crio/pull-secret b.x:5000, unless the mirror serves everybody',
  );
});

const secret = 'c2VjcmV0OnBhc3N3b3Jk';

const authFiles: readonly (readonly [title: string, text: string])[] = [
  [
    'with all that it may hold',
    JSON.stringify({
      auths: {
        'a.example': { auth: secret, email: `${secret}@corp.example`, identitytoken: secret },
        [`user:${secret}@c.example`]: { auth: secret },
      },
      credHelpers: { 'd.example': secret },
      HttpHeaders: { Authorization: secret },
    }),
  ],
  ['that is no JSON', `{"auths": {"a.example": {"auth": "${secret}" "}}}`],
  ['that is something else', `root:${secret}:19000::::::`],
  ['with a list in the place of its names', JSON.stringify({ auths: [secret], credHelpers: secret })],
];

for (const [title, text] of authFiles) {
  test(`nothing of a file of credentials ${title} is in any finding, log, event or record`, async (t) => {
    const node = makeNode();
    t.teardown(() => node.dispose());
    node.write('/etc/crio/crio.conf', `[crio.image]\nglobal_auth_file = "${file}"\n`);
    node.write(file, text);
    node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'a.example/team', 'b.example/team'));
    const { plan } = await node.apply();
    const warned = plan?.findings.some(({ id }) => id === 'ICSP131') ?? false;
    t.is(warned, text.includes('HttpHeaders'));
    const told = JSON.stringify([plan, node.events, node.log]);
    t.false(told.includes(secret));
    const state = join(node.root, 'var/lib/icspd');
    for (const entry of readdirSync(state, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      t.false(readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(secret), entry.name);
    }
  });
}
