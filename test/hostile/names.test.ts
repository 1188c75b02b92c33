// Names that are meant to be taken for something else, and things that are no files, through the whole program.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { isClean } from './clean.ts';
import { measure } from './measured.ts';
import { head, makeNode, type HostileNode } from './node.ts';
import { leaveOut } from '../leave-out.ts';

const policy = `${head}    - source: quay.io/bad\n      mirrors: [bad.example/bad]\n`;

/** None of them may count. */
const names: readonly (string | Buffer)[] = [
  'line\nbreak.yaml',
  'escape\u001b[2J.yaml',
  'bell\u0007.yaml',
  'c1\u009b31m.yaml',
  'delete\u007f.yaml',
  'turn\u202elmay.yaml',
  'separator\u2028.yaml',
  '\ufeffmark.yaml',
  'tab\t.yaml',
  '-rf.yaml',
  '--help.yaml',
  '$(touch owned).yaml',
  ';reboot.yaml',
  '%0A::error::owned.yaml',
  '::error::owned.yaml',
  'a,b.yaml',
  `${'n'.repeat(250)}.yaml`,
  '..yaml',
  ' .yaml',
  Buffer.from([0xff, 0xfe, 0x2e, 0x79, 0x61, 0x6d, 0x6c]),
];

function furnish(node: HostileNode): void {
  for (const name of names) node.put(name, policy);
  node.sh('mkfifo fifo.yaml; ln -s fifo.yaml to-fifo.yaml');
  node.sh('ln -s nowhere dangling.yaml; ln -s loop-b.yaml loop-a.yaml; ln -s loop-a.yaml loop-b.yaml');
  node.sh('ln -s /etc/passwd outside.yaml; ln -s /proc/self/fd/0 descriptor.yaml; ln -s . self.yaml');
  node.sh('mkdir -p directory.yaml; ln -s /dev/zero endless.yaml');
}

const commands: readonly (readonly string[])[] = [
  ['-v', 'check'],
  ['check', '--json'],
  ['check', '--format', 'github'],
  ['-v', 'apply'],
  ['status'],
  ['status', '--json'],
  ['diff'],
  ['explain', 'quay.io/good/app'],
];

for (const command of commands) {
  test.serial(
    `icspd ${command.join(' ')}: nothing hangs, nothing of a name gets through, the good file counts`,
    (t) => {
      const node = makeNode(t);
      furnish(node);
      const { out, err, maxRssMiB } = measure(node.root, ...command);
      t.true(isClean(out), out);
      t.true(isClean(err), err);
      t.regex(out + err, command.includes('github') ? /^::/ : /good/);
      t.notRegex(out, /bad\.example/);
      t.true(maxRssMiB < 256);
      t.log(`${names.length} points`);
      if (command.includes('--json')) t.notThrows(() => void JSON.parse(out));
      if (command.includes('github')) {
        for (const line of out.trimEnd().split('\n'))
          t.regex(
            line,
            /^::(?:error|warning|notice) (?:file=[^:,]*,(?:line=\d+,)?(?:col=\d+,)?)?title=ICSP\d{3}::/,
          );
      }
    },
  );
}

test.serial('a name that counts may be the name of a property of every object', (t) => {
  const node = makeNode(t);
  for (const name of ['constructor.yaml', 'toString.json', 'hasOwnProperty.yml'])
    node.put(name, policy.replaceAll('bad', name.split('.')[0]?.toLowerCase() ?? ''));
  t.is(measure(node.root, 'apply').code, 0);
  const conf = readFileSync(join(node.root, 'etc/containers/registries.conf'), 'utf8');
  for (const name of ['good', 'constructor', 'tostring', 'hasownproperty'])
    t.true(conf.includes(`quay.io/${name}`));
});

test.serial('what others may write is not even opened', (t) => {
  const node = makeNode(t);
  node.put('bad.yaml', policy);
  node.sh('chmod 666 bad.yaml');
  node.put('linked.txt', policy);
  node.sh('mkdir open; chmod 1777 open; mv linked.txt open/linked.yaml; ln -s open/linked.yaml linked.yaml');
  const { code, out } = measure(node.root, 'check', '--json');
  t.is(code, 1);
  t.is(out.match(/"ICSP001"/g)?.length, 2);
  t.is(measure(node.root, 'apply').code, 1);
  t.notRegex(readFileSync(join(node.root, 'etc/containers/registries.conf'), 'utf8'), /bad/);
});

test.serial('a device node does not count, wherever it leads', (t) => {
  const node = makeNode(t);
  try {
    execFileSync('mknod', [join(node.policies, 'device.yaml'), 'c', '1', '5'], { stdio: 'ignore' });
  } catch {
    leaveOut(t, 'only root can make a device node');
    return;
  }
  const { code, out } = measure(node.root, '-v', 'check', '--json');
  t.is(code, 0);
  t.regex(out, /it is a device/);
});
