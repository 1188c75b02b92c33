import test from 'ava';
import fc from 'fast-check';
import type { LoadedConf } from '../../src/agent/loaded-registries.ts';
import type { JournalLine } from '../../src/agent/crio-ports.ts';
import { classify, type Evidence } from '../../src/agent/proof.ts';

const ours = '/etc/containers/registries.conf';
const pid = 4711;

const expected: LoadedConf = {
  registries: [
    {
      prefix: '*.example.com',
      location: '',
      insecure: false,
      mirrors: [],
      blocked: true,
      mirrorByDigestOnly: false,
    },
    {
      prefix: 'docker.io',
      location: 'docker.io',
      insecure: false,
      mirrors: [{ location: 'm3.local', insecure: false, pullFromMirror: '' }],
      blocked: false,
      mirrorByDigestOnly: true,
    },
    {
      prefix: 'quay.io/ns',
      location: 'quay.io/ns',
      insecure: true,
      mirrors: [
        { location: 'm1.local/a', insecure: true, pullFromMirror: 'digest-only' },
        { location: 'm2.local/b', insecure: false, pullFromMirror: '' },
      ],
      blocked: false,
      mirrorByDigestOnly: false,
    },
  ],
  searchRegistries: ['docker.io', 'quay.io'],
};

/** As CRI-O 1.36.3 prints it after reading a file with this content. */
const dump =
  '&{Registries:[{Prefix:*.example.com Endpoint:{Location: Insecure:false PullFromMirror:} Mirrors:[] Blocked:true MirrorByDigestOnly:false} ' +
  '{Prefix:docker.io Endpoint:{Location:docker.io Insecure:false PullFromMirror:} Mirrors:[{Location:m3.local Insecure:false PullFromMirror:}] Blocked:false MirrorByDigestOnly:true} ' +
  '{Prefix:quay.io/ns Endpoint:{Location:quay.io/ns Insecure:true PullFromMirror:} Mirrors:[{Location:m1.local/a Insecure:true PullFromMirror:digest-only} {Location:m2.local/b Insecure:false PullFromMirror:}] Blocked:false MirrorByDigestOnly:false}] ' +
  'UnqualifiedSearchRegistries:[docker.io quay.io] CredentialHelpers:[containers-auth.json] ShortNameMode:enforcing AdditionalLayerStoreAuthHelper: shortNameAliasConf:{Aliases:map[]}}';
const appliedMessage = `Applied new registry configuration: ${dump}`;

const empty: LoadedConf = { registries: [], searchRegistries: [] };
const emptyDump =
  '&{Registries:[] UnqualifiedSearchRegistries:[] CredentialHelpers:[containers-auth.json] ShortNameMode: AdditionalLayerStoreAuthHelper: shortNameAliasConf:{Aliases:map[]}}';

const reload = 'Unable to reload configuration: ';
const refusedReason = `loading registries configuration "${ours}": invalid location 'https://q.io': URI schemes are not supported`;
const dropInReason = `loading drop-in registries configuration "${ours}.d/x.conf": invalid location 'https://q.io': URI schemes are not supported`;
const refusedMessage = `${reload}system registries reload failed: ${ours}: ${refusedReason}`;

/** The line in logrus's text format. */
function text(level: string, message: string): string {
  return `time="2026-11-22T11:40:24.208613726Z" level=${level} msg=${JSON.stringify(message)}`;
}

/** The line in logrus's JSON format, which escapes what HTML would trip over. */
function json(level: string, message: string): string {
  const escaped = JSON.stringify(message).replace(
    /[&<>]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
  return `{"level":"${level}","msg":${escaped},"time":"2026-11-22T11:42:54Z"}`;
}

function line(message: string, other: Partial<JournalLine> = {}): JournalLine {
  return { message, pid, transport: 'stdout', priority: 6, ...other };
}

function judge(message: string, conf: LoadedConf = expected, other: Partial<JournalLine> = {}) {
  return classify(line(message, other), { mainPid: pid, registriesConfPath: ours, expected: conf });
}

function conf(change: Partial<LoadedConf['registries'][number]>): LoadedConf {
  const [first, second, third] = expected.registries;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three entries');
  return { ...expected, registries: [first, second, { ...third, ...change }] };
}

const proving: readonly (readonly [string, string, LoadedConf, Evidence['proof'], string | null])[] = [
  ['the expected configuration, text', text('info', appliedMessage), expected, 'applied', null],
  ['the expected configuration, JSON', json('info', appliedMessage), expected, 'applied', null],
  [
    'an empty configuration',
    text('info', `Applied new registry configuration: ${emptyDump}`),
    empty,
    'applied',
    null,
  ],
  [
    'CRI-O before 1.22 began in lower case',
    text('info', `applied${appliedMessage.slice(7)}`),
    expected,
    'applied',
    null,
  ],
  [
    'CRI-O before 1.25 knows no pull-from-mirror',
    text('info', appliedMessage.replaceAll(/ PullFromMirror:[a-z-]*/g, '')),
    expected,
    'applied',
    null,
  ],
  [
    'CRI-O before 1.33 keeps the slash at the end of a mirror',
    text('info', appliedMessage.replace('m2.local/b ', 'm2.local/b/ ')),
    expected,
    'applied',
    null,
  ],
  [
    'other fields of the logger stand behind the message',
    `${text('info', appliedMessage)} file="reload.go:217" func=config.ReloadRegistries`,
    expected,
    'applied',
    null,
  ],
  ['our file is refused, text', text('error', refusedMessage), expected, 'refused', ours],
  ['our file is refused, JSON', json('error', refusedMessage), expected, 'refused', ours],
  [
    'our file is refused, before CRI-O 1.22',
    text('error', `unable${refusedMessage.slice(6).replace('loading', 'error loading')}`),
    expected,
    'refused',
    ours,
  ],
  [
    'our file is refused at start',
    text('fatal', `validating runtime config: invalid registries: ${refusedReason}`),
    expected,
    'refused',
    ours,
  ],
  [
    'our file is refused at start, JSON',
    json('fatal', `validating runtime config: invalid registries: ${refusedReason}`),
    expected,
    'refused',
    ours,
  ],
  [
    'our file has vanished',
    text('error', `${refusedMessage.split('invalid')[0] ?? ''}open ${ours}: no such file or directory`),
    expected,
    'refused',
    ours,
  ],
  [
    'a drop-in is refused, though the path before it is ours',
    text('error', `${reload}system registries reload failed: ${ours}: ${dropInReason}`),
    expected,
    'blocked-elsewhere',
    `${ours}.d/x.conf`,
  ],
  [
    'a drop-in is refused in the words of image v5.40, which calls it like the main file',
    text(
      'error',
      `${reload}system registries reload failed: ${ours}: ${dropInReason.replace('drop-in ', '')}`,
    ),
    expected,
    'blocked-elsewhere',
    `${ours}.d/x.conf`,
  ],
  [
    'a drop-in is refused at start',
    text('fatal', `validating runtime config: invalid registries: ${dropInReason}`),
    expected,
    'blocked-elsewhere',
    `${ours}.d/x.conf`,
  ],
  [
    'a drop-in whose reason quotes a refusal of our file',
    text('error', `${reload}system registries reload failed: ${ours}: ${dropInReason}: ${refusedReason}`),
    expected,
    'blocked-elsewhere',
    `${ours}.d/x.conf`,
  ],
  [
    'a drop-in whose name has a quote',
    text(
      'fatal',
      `validating runtime config: invalid registries: ${dropInReason.replace('x.conf', 'x\\".conf')}`,
    ),
    expected,
    'blocked-elsewhere',
    `${ours}.d/x".conf`,
  ],
  [
    'the directory of drop-ins cannot be read',
    text(
      'error',
      `${reload}system registries reload failed: ${ours}: reading registries.conf.d: open ${ours}.d: permission denied`,
    ),
    expected,
    'blocked-elsewhere',
    `${ours}.d`,
  ],
  [
    'the directory of drop-ins cannot be read, in words that are not known, which quote a refusal of our file',
    text(
      'error',
      `${reload}system registries reload failed: ${ours}: reading registries.conf.d: EIO: ${refusedReason}`,
    ),
    expected,
    'blocked-elsewhere',
    null,
  ],
  [
    'CRI-O reads a file of its user instead of ours',
    text('error', refusedMessage.replaceAll(ours, '/root/.config/containers/registries.conf')),
    expected,
    'blocked-elsewhere',
    '/root/.config/containers/registries.conf',
  ],
  [
    'crio.conf is broken, so that the reload ends before the registries',
    text(
      'error',
      `${reload}update config from single file: unable to decode configuration /etc/crio/crio.conf: toml: line 35 (last key "crio.nri.x"): unexpected EOF; expected value`,
    ),
    expected,
    'blocked-elsewhere',
    null,
  ],
  [
    'crio.conf has a bad log level',
    text('error', `${reload}not a valid logrus Level: "bogus"`),
    expected,
    'blocked-elsewhere',
    null,
  ],
];

for (const [title, message, conf, proof, file] of proving) {
  test(`${proof}: ${title}`, (t) => {
    t.like(judge(message, conf), { proof, file });
  });
}

const silent: readonly (readonly [string, string, Partial<JournalLine>?])[] = [
  ['the line is another process of the unit', text('info', appliedMessage), { pid: pid + 1 }],
  ['a refusal by another process of the unit', text('error', refusedMessage), { pid: pid + 1 }],
  ['the line came over syslog', text('info', appliedMessage), { transport: 'syslog' }],
  ['the line came over the native protocol', text('error', refusedMessage), { transport: 'journal' }],
  ['the level is wrong for Applied', text('error', appliedMessage)],
  ['the level is wrong for a refusal', text('warning', refusedMessage)],
  ['a fatal line is no reload', text('fatal', refusedMessage)],
  [
    'an error line is no start',
    text('error', `validating runtime config: invalid registries: ${refusedReason}`),
  ],
  [
    'CRI-O does not start for another reason',
    text('fatal', 'validating runtime config: conmon validation: no such file'),
  ],
  ['the words stand inside another message', text('info', `Trying to access "m.local": ${appliedMessage}`)],
  ['a registry says a refusal', text('error', `Pulling image: unexpected status: ${refusedMessage}`)],
  [
    'a registry says a whole line of text format',
    text('error', `pinging container registry: ${text('error', refusedMessage)}`),
  ],
  [
    'a registry says a whole line of text format after a newline',
    text('error', `pinging container registry: "\n${text('error', refusedMessage)}`),
  ],
  ['a registry says a whole line of JSON format', json('error', `pinging: ${json('error', refusedMessage)}`)],
  ['a registry closes the quotes', text('info', `Trying to access "x" level=error msg="${refusedMessage}"`)],
  ['a registry puts a level before the true one', `level=\\"error\\" ${text('error', refusedMessage)}`],
  ['the message of another field', `time="x" level=info msg=Pulled msg=${JSON.stringify(appliedMessage)}`],
  [
    'the message of another JSON member',
    `{"level":"error","other":{"msg":${JSON.stringify(refusedMessage)}}}`,
  ],
  ['a JSON message without a level', `{"msg":${JSON.stringify(refusedMessage)},"level":"error"}`],
  ['something else before the line', `x ${text('error', refusedMessage)}`],
  ['the bare words', refusedMessage],
  ['the end of a longer line, which journald split off', text('error', refusedMessage).slice(60)],
  ['broken JSON', '{"level":"error","msg":"Unable \\q'],
  ['nothing', ''],
];

for (const [title, message, other] of silent) {
  test(`proves nothing: ${title}`, (t) => {
    t.is(judge(message, expected, other), null);
  });
}

test('proves nothing: a unit without a main process', (t) => {
  const context = { mainPid: 0, registriesConfPath: ours, expected };
  t.is(classify(line(text('info', appliedMessage), { pid: 0 }), context), null);
});

const differences: readonly (readonly [string, LoadedConf])[] = [
  ['has no registries', { ...expected, registries: [] }],
  [
    'has one registry more',
    { ...expected, registries: [...expected.registries, ...conf({ prefix: 'z' }).registries.slice(2)] },
  ],
  ['has one registry less', { ...expected, registries: expected.registries.slice(0, 2) }],
  ['has other mirrors', conf({ mirrors: [] })],
  [
    'has its mirrors in another order',
    conf({ mirrors: (expected.registries[2]?.mirrors ?? []).toReversed() }),
  ],
  ['blocks a source', conf({ blocked: true })],
  ['has another location', conf({ location: 'quay.io/n' })],
  ['differs in mirror-by-digest-only', conf({ mirrorByDigestOnly: true })],
  ['differs in insecure', conf({ insecure: false })],
  ['has no search list', { ...expected, searchRegistries: [] }],
  ['has a longer search list', { ...expected, searchRegistries: [...expected.searchRegistries, 'x.io'] }],
  ['has a shorter search list', { ...expected, searchRegistries: ['docker.io'] }],
];

for (const [title, other] of differences) {
  test(`an Applied line of an earlier reload proves nothing where the file on disk ${title}`, (t) => {
    t.is(judge(text('info', appliedMessage), other), null);
    t.is(judge(json('info', appliedMessage), other), null);
  });
}

test('a line that journald cut anywhere behind the start of the list proves what it shows', (t) => {
  const awkward: LoadedConf = conf({ prefix: 'é"\\\t\u007f<&>\u{1f600}/', location: 'é"\\\t<&>' });
  const shown = appliedMessage
    .replace('{Prefix:quay.io/ns', `{Prefix:${awkward.registries[2]?.prefix ?? ''}`)
    .replace('Location:quay.io/ns', `Location:${awkward.registries[2]?.location ?? ''}`);
  const quoted = text('info', shown).replace('\u007f', '\\x7f');
  for (const whole of [quoted, json('info', shown)]) {
    const bytes = Buffer.from(whole);
    const start = bytes.indexOf('Registries:[') + 'Registries:['.length;
    for (let end = start; end <= bytes.length; end += 1) {
      const cut = bytes.subarray(0, end).toString();
      t.is(judge(cut, awkward)?.proof, 'applied', cut);
    }
    t.is(judge(bytes.subarray(0, start - 1).toString(), awkward), null, 'a line cut before the list');
  }
});

test('a cut line of another configuration proves nothing once it shows the difference', (t) => {
  const whole = text('info', appliedMessage);
  const difference = whole.indexOf('m1.local/a');
  const other = conf({ mirrors: [{ location: 'm9.local', insecure: true, pullFromMirror: '' }] });
  for (let end = difference + 2; end <= whole.length; end += 1) t.is(judge(whole.slice(0, end), other), null);
});

test('a refusal whose reason journald cut off is still a refusal of our file', (t) => {
  const whole = text('error', `${refusedMessage}${'x'.repeat(60_000)}`);
  const evidence = judge(whole.slice(0, 49_152));
  t.like(evidence, { proof: 'refused', file: ours });
  t.true((evidence?.words.length ?? 0) <= 2000);
});

test("the words are CRI-O's own, with its escapes undone", (t) => {
  t.is(judge(text('error', refusedMessage))?.words, `${ours}: ${refusedReason}`);
  t.is(judge(text('error', `${reload}a\nb "c"`))?.words, 'a\nb "c"');
});

test('no words of a registry inside a message make a proof', (t) => {
  const formats = fc.constantFrom(text, json);
  const fragments = fc.constantFrom(
    refusedMessage,
    appliedMessage,
    '"',
    '\\"',
    '\n',
    '}',
    ',',
    ' level=error msg=',
    '"level":"error","msg":"',
    text('error', refusedMessage),
    json('error', refusedMessage),
  );
  const property = fc.property(formats, fc.array(fragments), (format, words) => {
    const message = `Pulling image failed: ${words.join('')}`;
    t.is(judge(format('error', message)), null);
    t.is(judge(format('info', message)), null);
  });
  fc.assert(property, { numRuns: 2000 });
});

test('lines made to be slow to read are read as fast as others', (t) => {
  const many = 200_000;
  const lines = [
    // Cut off: neither has a closing quote.
    `level=info msg="${'\ufffd'.repeat(many)}x`,
    `level=info msg="Applied new registry configuration: &{Registries:[${'/'.repeat(many)}x`,
    text('info', `Applied new registry configuration: &{Registries:[${'/'.repeat(many)}x`),
  ];
  const started = performance.now();
  for (const message of lines) t.is(judge(message), null);
  // A few milliseconds; with a look at each character for each, half a minute.
  t.true(performance.now() - started < 3000);
});
