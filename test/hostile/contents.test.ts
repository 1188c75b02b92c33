// Contents that are meant to hang, fill the memory, crash or write on a terminal, through the whole program.
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { isClean } from './clean.ts';
import { measureHonest } from './honest.ts';
import { measure, measureWithin } from './measured.ts';
import { head, makeNode } from './node.ts';

const mebibyte = 1024 * 1024;
const maxRssMiB = 256;

function fill(before: string, piece: string, after = ''): string {
  return before + piece.repeat(Math.floor((mebibyte - before.length - after.length) / piece.length)) + after;
}

function entry(source: string, mirror = 'm.example/a'): string {
  return `${head}    - source: ${source}\n      mirrors: [${mirror}]\n`;
}

function bomb(): string {
  const levels = 'abcdefghi'.split('').map((name, i, names) => {
    const item = i === 0 ? 'x' : `*${names[i - 1] ?? ''}`;
    return `  ${name}: &${name} [${Array(9).fill(item).join()}]\n`;
  });
  return head.replace('  name: a\n', `  name: a\n${levels.join('')}`);
}

const terminal = '\\e[2J\\e]0;owned\\a\\r\\n\\u009b31m\\u202e\\u2066\\u2028\\0';
const list = Array.from({ length: 32 }, (_, i) => `m${String(i)}.example/${'a'.repeat(40)}`);

/** What the file is → its content, and whether it may count. */
const rows: readonly (readonly [
  title: string,
  content: string | Uint8Array,
  state: 'refused' | 'unsupported' | 'accepted',
])[] = [
  ['aliases of aliases', bomb(), 'refused'],
  ['one mebibyte of NUL', new Uint8Array(mebibyte), 'refused'],
  ['open brackets', fill('', '['), 'refused'],
  ['open braces', fill(head, '{a: '), 'refused'],
  ['nested dashes', fill('', '- '), 'refused'],
  ['stray brackets', fill('a: ', '[]'), 'refused'],
  ['a syntax error on every line', fill('a: ', '@\n'), 'refused'],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from(entry('quay.io/a')), Buffer.from([0xff, 0xfe, 0xc0, 0x80])]),
    'refused',
  ],
  ['UTF-16', Buffer.from(`\ufeff${entry('quay.io/a')}`, 'utf16le'), 'refused'],
  [
    'keys that are in every object',
    entry('quay.io/a') + '      __proto__: {polluted: true}\n      constructor: 1\n      toString: 2\n',
    'refused',
  ],
  ['a name that is in every object', entry('quay.io/a').replace('name: a', 'name: __proto__'), 'accepted'],
  ['a host of 10 000 letters', entry('a'.repeat(10_000)), 'refused'],
  ['a host of 10 000 labels', entry('a.'.repeat(10_000)), 'refused'],
  ['a path of 100 000 dashes', entry(`a.b/c${'-'.repeat(100_000)}`), 'refused'],
  ['a source that clears the screen', entry(`"${terminal}"`), 'refused'],
  ['a mirror that clears the screen', entry('quay.io/a', `"${terminal}"`), 'refused'],
  ['a name that clears the screen', entry('quay.io/a').replace('name: a', `name: "${terminal}"`), 'accepted'],
  ['a key that clears the screen', `${entry('quay.io/a')}      "${terminal}": 1\n`, 'refused'],
  [
    'a kind that clears the screen',
    entry('quay.io/a').replace(/kind: .*/, `kind: "${terminal}"`),
    'accepted',
  ],
  [
    'a version that clears the screen',
    entry('quay.io/a')
      .replace('io/v1', 'io/v1"')
      .replace('config.', `"config.`)
      .replace('v1"', `${terminal}"`),
    'unsupported',
  ],
  ['raw escapes in a comment', `# \u001b[2J\n${entry('quay.io/a')}`, 'refused'],
  ['text that turns around', entry('quay.io/a\u202egpj.exe'), 'refused'],
  ['a workflow command', entry('"\\n::error file=x::owned\\n%0A::warning::owned"'), 'refused'],
  ['a password', entry('user:hunter2@quay.io/a'), 'refused'],
  ['wrong entries to the brim', fill(head, '    - source: A/B\n'), 'refused'],
  ['empty documents to the brim', fill('', '---\n'), 'refused'],
  ['more than 10 000 documents of another kind', 'kind: A\napiVersion: v1\n---\n'.repeat(10_010), 'refused'],
  [
    '10 000 entries with 32 mirrors each, by alias',
    `${head}    - {source: quay.io/first, mirrors: &m [${list.join()}]}\n${Array.from({ length: 9_999 }, (_, i) => `    - {source: quay.io/s${String(i)}, mirrors: *m}\n`).join('')}`,
    'refused',
  ],
];

let maxCpuMs = 0;
test.serial('an honest file of 1 MiB is the measure', (t) => {
  maxCpuMs = measureHonest(t);
  t.log(`${String(Math.round(maxCpuMs))} ms`);
});

for (const [title, content, state] of rows) {
  test.serial(`${title}: a finding at little cost, and the good file counts`, (t) => {
    const node = makeNode(t);
    node.put('bad.yaml', content);
    const { out, err, cpuMs, maxRssMiB: rss } = measureWithin(maxCpuMs, node.root, 'check', '--json');
    t.true(isClean(out) && isClean(err));
    const { files, findings } = JSON.parse(out) as { files: unknown; findings: unknown[] };
    t.like(files, [{ state }, { state: 'accepted' }]);
    t.true(state === 'accepted' || findings.length > 0);
    t.true(findings.length < 500);
    t.false(out.includes('hunter2'));
    t.true(cpuMs < maxCpuMs, `${String(Math.round(cpuMs))} ms`);
    t.true(rss < maxRssMiB, `${String(Math.round(rss))} MiB`);
    t.log(`1 point: ${String(Math.round(cpuMs))} ms, ${String(Math.round(rss))} MiB`);
  });
}

test.serial('a file of 100 MiB is not even read', (t) => {
  const node = makeNode(t);
  node.put('bad.yaml', '');
  truncateSync(join(node.policies, 'bad.yaml'), 100 * mebibyte);
  const { out, cpuMs, maxRssMiB: rss } = measureWithin(maxCpuMs, node.root, 'check', '--json');
  t.regex(out, /"ICSP003"/);
  t.log('1 point');
  t.true(cpuMs < maxCpuMs && rss < 128, `${String(cpuMs)} ms, ${String(rss)} MiB`);
});

test.serial('all of them together: applied without a byte of theirs in the file or on the terminal', (t) => {
  const node = makeNode(t);
  const refused = rows.filter(([, , state]) => state === 'refused');
  t.true(refused.length > 0);
  for (const [i, [, content]] of refused.entries()) node.put(`${String(i)}.yaml`, content);
  t.log(`${String(refused.length)} points`);
  const { code, out, err } = measure(node.root, '-v', 'apply');
  t.is(code, 1);
  t.true(isClean(out), 'stdout');
  t.true(isClean(err), 'stderr');
  const conf = readFileSync(join(node.root, 'etc/containers/registries.conf'), 'utf8');
  t.regex(conf, /mirror\.example\/good/);
  t.notRegex(conf, /[^\n -~]/);
  t.is(conf.match(/\[\[registry\]\]/g)?.length, 1);
});
