import test from 'ava';
import fc from 'fast-check';
import { FINDINGS, hasErrors, type FindingName } from '../../src/finding.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';
import { isMirror, isSource } from '../../src/policy/repository.ts';
import { noContent } from '../../src/policy/rule.ts';
import { document, path, read, short } from './reading.ts';

const operator = 'operator.openshift.io';
const config = 'config.openshift.io/v1';
const entry = '- {source: quay.io/a, mirrors: [m.example/a]}';
const byTag = '- {source: quay.io/a, mirrors: [m.example/a], allowMirrorByTags: true}';

const kinds: readonly (readonly [
  apiVersion: string,
  kind: string,
  spec: string,
  digest: boolean,
  tag: boolean,
])[] = [
  [`${operator}/v1alpha1`, 'ImageContentSourcePolicy', `repositoryDigestMirrors:\n${entry}`, true, false],
  [`${operator}/v1alpha1`, 'ImageContentSourcePolicy', `repositoryMirrors:\n${entry}`, true, false],
  [`${operator}/v1alpha1`, 'ImageContentSourcePolicy', `repositoryMirrors:\n${byTag}`, true, true],
  [`${operator}/v1alpha2`, 'ImageContentSourcePolicy', `repositoryMirrors:\n${byTag}`, true, true],
  [`${operator}/v1`, 'ImageContentSourcePolicy', `repositoryMirrors:\n${byTag}`, true, true],
  [config, 'ImageContentPolicy', `repositoryDigestMirrors:\n${entry}`, true, false],
  [config, 'ImageContentPolicy', `repositoryDigestMirrors:\n${byTag}`, true, true],
  [config, 'ImageDigestMirrorSet', `imageDigestMirrors:\n${entry}`, true, false],
  [config, 'ImageTagMirrorSet', `imageTagMirrors:\n${entry}`, false, true],
];
for (const [apiVersion, kind, spec, digest, tag] of kinds) {
  test(`${apiVersion} ${kind} with ${spec.replace(/\n/g, ' ')} serves digest ${digest}, tag ${tag}`, (t) => {
    const { state, content, findings } = read(document(apiVersion, kind, spec));
    t.is(state, 'accepted');
    t.deepEqual(findings, []);
    t.deepEqual(content.objects, [{ apiVersion, origin: { file: path, line: 1, kind, name: 'a' } }]);
    const group = apiVersion.startsWith(operator) ? operator : 'config.openshift.io';
    t.deepEqual(content.rules, [
      {
        source: 'quay.io/a',
        mirrors: [{ location: 'm.example/a', line: 6, column: 35 }],
        pulls: { digest, tag },
        sourcePolicy: 'unset',
        origin: { file: path, line: 6, kind, name: 'a' },
        column: 14,
        rank: { group, name: 'a', kind, apiVersion, index: 0 },
      },
    ]);
  });
}

const policies = [
  ['NeverContactSource', 'never'],
  ['AllowContactingSource', 'allow'],
  ['null', 'unset'],
] as const;
for (const [written, means] of policies) {
  test(`mirrorSourcePolicy ${written} means ${means}`, (t) => {
    const spec = `imageTagMirrors:\n- {source: quay.io, mirrorSourcePolicy: ${written}}`;
    t.is(read(document(config, 'ImageTagMirrorSet', spec)).content.rules[0]?.sourcePolicy, means);
  });
}

for (const mirrors of ['', ', mirrors: []', ', mirrors: null', ', mirrors:']) {
  test(`an entry with "${mirrors}" for its mirrors is valid and has none`, (t) => {
    const { state, content } = read(
      document(config, 'ImageDigestMirrorSet', `imageDigestMirrors: [{source: quay.io${mirrors}}]`),
    );
    t.is(state, 'accepted');
    t.deepEqual(content.rules[0]?.mirrors, []);
  });
}

test('an Image named cluster gives its registries, each with its line', (t) => {
  const spec =
    'registrySources:\n  insecureRegistries: [m.example:5000]\n  blockedRegistries:\n  - "*.bad.example"\n  containerRuntimeSearchRegistries: [quay.io]';
  const { state, content, findings } = read(document(config, 'Image', spec, 'cluster'));
  const origin = (line: number) => ({ file: path, line, kind: 'Image', name: 'cluster' });
  t.is(state, 'accepted');
  t.deepEqual(findings, []);
  t.deepEqual(content.registrySources, [
    {
      insecure: [{ value: 'm.example:5000', origin: origin(6), column: 26 }],
      blocked: [{ value: '*.bad.example', origin: origin(8), column: 7 }],
      search: [{ value: 'quay.io', origin: origin(9), column: 40 }],
      origin: origin(5),
    },
  ]);
});

test('an Image without search registries leaves them alone', (t) => {
  const { content } = read(
    document(config, 'Image', 'registrySources: {insecureRegistries: null}', 'cluster'),
  );
  t.is(content.registrySources[0]?.search, null);
});

/** Findings of a whole file; the state follows from whether one is an error. */
const files: readonly (readonly [
  what: string,
  text: string,
  found: readonly (readonly [FindingName, string])[],
])[] = [
  ['nothing', '', [['emptyFile', '']]],
  ['nothing but white space', ' \n\t\r\n\n', [['emptyFile', '']]],
  ['nothing but a byte order mark', '\ufeff', [['emptyFile', '']]],
  ['only NUL characters', '\0\0\0', [['yamlSyntax', '1:1']]],
  ['only a comment', '# later\n', []],
  ['only a comment behind a marker', '---\n# later\n', []],
  ['only markers', '---\n---\n...\n', []],
  ['a document of another kind', 'apiVersion: v1\nkind: ConfigMap\n', [['otherKind', '1:1']]],
  [
    'several other kinds',
    'apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n---\napiVersion: v1\nkind: A\n',
    [['otherKind', '1:1']],
  ],
  ['an Image of the image API', 'apiVersion: image.openshift.io/v1\nkind: Image\n', [['otherKind', '1:1']]],
  ['a scalar', 'hello\n', [['notAnObject', '1:1']]],
  ['a list', '- a\n', [['notAnObject', '1:1']]],
  ['no kind', 'apiVersion: v1\n', [['notAnObject', '1:1']]],
  ['no apiVersion', 'kind: ConfigMap\n', [['notAnObject', '1:1']]],
  ['our kind without apiVersion', '\nkind: ImageTagMirrorSet\n', [['missingField', '2:1']]],
  [
    'a newer version',
    document('config.openshift.io/v2', 'ImageDigestMirrorSet', 'x: 1'),
    [['unsupportedVersion', '1:13']],
  ],
  [
    'a version that is a word of JavaScript',
    document('config.openshift.io/constructor', 'ImageDigestMirrorSet', 'x: 1'),
    [['unsupportedVersion', '1:13']],
  ],
  [
    'our kind in our other group',
    document(`${operator}/v1`, 'ImageDigestMirrorSet', 'x: 1'),
    [['wrongGroup', '1:13']],
  ],
  [
    'our kind in the core group',
    document('v1', 'ImageContentSourcePolicy', 'x: 1'),
    [['wrongGroup', '1:13']],
  ],
  [
    'our kind in a foreign group',
    document('example.com/v1', 'ImageTagMirrorSet', 'x: 1'),
    [['wrongGroup', '1:13']],
  ],
  ['Image in the operator group', document(`${operator}/v1`, 'Image', 'x: 1'), [['wrongGroup', '1:13']]],
  ['a misspelt kind', document(config, 'ImageDigestMirrorset', 'x: 1'), [['unknownValue', '2:7']]],
  ['a kind in the plural', document(config, 'ImageDigestMirrorSets', 'x: 1'), [['unknownValue', '2:7']]],
  ['another kind of our group', document(config, 'ImagePolicy', 'x: 1'), [['otherKind', '1:1']]],
  ['an install-config fragment', 'imageContentSources:\n- source: a.b\n', [['installConfigFragment', '1:1']]],
  [
    'an install-config',
    'apiVersion: v1\npullSecret: x\nimageDigestSources: []\n',
    [['installConfigFragment', '1:1']],
  ],
  ['a bare mirror list', '- source: a.b\n  mirrors: [c.d]\n', [['bareMirrorList', '1:1']]],
  ['a bare entry', 'source: a.b\nmirrors: [c.d]\n', [['bareMirrorList', '1:1']]],
  ['no name', `apiVersion: ${config}\nkind: ImageTagMirrorSet\nspec: {}\n`, [['missingField', '1:1']]],
  [
    'an empty name',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: ""}\nspec: {}\n`,
    [['missingField', '3:1']],
  ],
  ['a name that is a number', document(config, 'ImageTagMirrorSet', '{}', '1'), [['wrongType', '3:18']]],
  [
    'no spec',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: a}\n`,
    [['missingField', '1:1']],
  ],
  ['an empty spec', document(config, 'ImageTagMirrorSet', '{}'), []],
  ['a spec that is a list', document(config, 'ImageTagMirrorSet', '[]'), [['wrongType', '5:3']]],
  [
    'a list at the top level',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: a}\nimageTagMirrors: []\n`,
    [['missingField', '1:1']],
  ],
  [
    'an unknown field at the top level',
    `${document(config, 'ImageTagMirrorSet', '{}')}sepc: {}\n`,
    [['unknownField', '6:1']],
  ],
  [
    'what the API server adds',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: a, creationTimestamp: null, managedFields: [{}]}\nspec: {imageTagMirrors: null}\nstatus: {}\n`,
    [],
  ],
  [
    'a misspelt field',
    document(config, 'ImageDigestMirrorSet', 'imageDigestMirror: []'),
    [['unknownField', '5:3']],
  ],
  [
    'a digest set with the old list',
    document(config, 'ImageDigestMirrorSet', 'repositoryDigestMirrors: []'),
    [['fieldOfOtherKind', '5:3']],
  ],
  [
    'a tag set with a digest list',
    document(config, 'ImageTagMirrorSet', 'imageDigestMirrors: []'),
    [['fieldOfOtherKind', '5:3']],
  ],
  [
    'a newer ICSP with the old list',
    document(`${operator}/v1alpha2`, 'ImageContentSourcePolicy', 'repositoryDigestMirrors: []'),
    [['fieldOfOtherKind', '5:3']],
  ],
  [
    'allowMirrorByTags in the old list',
    document(`${operator}/v1alpha1`, 'ImageContentSourcePolicy', `repositoryDigestMirrors:\n${byTag}`),
    [['fieldOfOtherKind', '6:49']],
  ],
  [
    'allowMirrorByTags in a mirror set',
    document(config, 'ImageTagMirrorSet', `imageTagMirrors:\n${byTag}`),
    [['fieldOfOtherKind', '6:49']],
  ],
  [
    'mirrorSourcePolicy in an ICSP',
    document(
      `${operator}/v1`,
      'ImageContentSourcePolicy',
      'repositoryMirrors: [{source: a.b, mirrorSourcePolicy: NeverContactSource}]',
    ),
    [['fieldOfOtherKind', '5:37']],
  ],
  [
    'one source in both lists',
    document(
      `${operator}/v1alpha1`,
      'ImageContentSourcePolicy',
      `repositoryMirrors:\n${entry}\nrepositoryDigestMirrors:\n${entry}`,
    ),
    [['sourceInBothLists', '8:14']],
  ],
  [
    'one source twice in an ImageContentPolicy',
    document(config, 'ImageContentPolicy', `repositoryDigestMirrors:\n${entry}\n${entry}`),
    [['duplicateSource', '7:14']],
  ],
  [
    'one source twice in a mirror set',
    document(config, 'ImageDigestMirrorSet', `imageDigestMirrors:\n${entry}\n${entry}`),
    [],
  ],
  [
    'no source',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors:\n- mirrors: [m.example]'),
    [['missingField', '6:5']],
  ],
  [
    'a source that is a number',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: 5000}]'),
    [['wrongType', '5:30']],
  ],
  [
    'an entry that is a string',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [quay.io]'),
    [['wrongType', '5:21']],
  ],
  [
    'mirrors that are a string',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: quay.io, mirrors: m.example}]'),
    [['wrongType', '5:48']],
  ],
  [
    'a mirror that is empty',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors:\n- source: quay.io\n  mirrors:\n  -'),
    [['wrongType', '8:6']],
  ],
  [
    'entries that are a map',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: {source: quay.io}'),
    [['wrongType', '5:20']],
  ],
  [
    'true in quotes',
    document(
      `${operator}/v1`,
      'ImageContentSourcePolicy',
      'repositoryMirrors: [{source: a.b, allowMirrorByTags: "true"}]',
    ),
    [['wrongType', '5:56']],
  ],
  [
    'yes, which YAML 1.2 takes for a string',
    document(
      `${operator}/v1`,
      'ImageContentSourcePolicy',
      'repositoryMirrors: [{source: a.b, allowMirrorByTags: yes}]',
    ),
    [['wrongType', '5:56']],
  ],
  [
    'an unknown source policy',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: a.b, mirrorSourcePolicy: Never}]'),
    [['unknownValue', '5:55']],
  ],
  [
    'a mirror with a scheme',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: a.b, mirrors: ["https://m.example"]}]'),
    [['hasScheme', '5:45']],
  ],
  [
    '9 mirrors',
    document(
      config,
      'ImageTagMirrorSet',
      `imageTagMirrors: [{source: a.b, mirrors: [${Array(9).fill('c.d/e').join()}]}]`,
    ),
    [['manyMirrors', '5:44']],
  ],
  [
    '33 mirrors',
    document(
      config,
      'ImageTagMirrorSet',
      `imageTagMirrors: [{source: a.b, mirrors: [${Array(33).fill('c.d/e').join()}]}]`,
    ),
    [['tooManyMirrors', '5:44']],
  ],
  [
    'an Image with another name',
    document(config, 'Image', 'registrySources: {insecureRegistries: ["*"]}'),
    [['imageNotCluster', '1:1']],
  ],
  [
    'other fields of an Image',
    document(config, 'Image', 'additionalTrustedCA: {name: x}\nexternalRegistryHostnames: []', 'cluster'),
    [['imageFieldIgnored', '5:3']],
  ],
  [
    'a misspelt registrySources',
    document(config, 'Image', 'registrySource: {}', 'cluster'),
    [['unknownField', '5:3']],
  ],
  [
    'a misspelt list of an Image',
    document(config, 'Image', 'registrySources: {blockedRegistry: []}', 'cluster'),
    [['unknownField', '5:21']],
  ],
  [
    'allowedRegistries',
    document(config, 'Image', 'registrySources: {allowedRegistries: [a.b]}', 'cluster'),
    [['allowedNotApplied', '5:21']],
  ],
  [
    'allowed and blocked',
    document(
      config,
      'Image',
      'registrySources: {allowedRegistries: [a.b], blockedRegistries: [c.d]}',
      'cluster',
    ),
    [['allowedAndBlocked', '5:21']],
  ],
  [
    'a bad scope',
    document(config, 'Image', 'registrySources: {blockedRegistries: ["*.a.b/c"]}', 'cluster'),
    [['badScope', '5:41']],
  ],
  [
    'a scope with a scheme',
    document(config, 'Image', 'registrySources: {insecureRegistries: ["http://a.b"]}', 'cluster'),
    [['badScope', '5:42']],
  ],
  [
    'a scope with a tag',
    document(config, 'Image', 'registrySources: {blockedRegistries: ["a.b/c:1"]}', 'cluster'),
    [['sourceNeverMatches', '5:41']],
  ],
  [
    'a search registry with a path',
    document(config, 'Image', 'registrySources: {containerRuntimeSearchRegistries: [a.b/c]}', 'cluster'),
    [['badScope', '5:56']],
  ],
  ['a key twice', `${document(config, 'ImageTagMirrorSet', '{}')}spec: {}\n`, [['yamlSyntax', '6:1']]],
  [
    'a key twice in a document of another kind',
    'apiVersion: v1\nkind: A\ndata: {a: 1, a: 2}\n',
    [['yamlSyntax', '3:14']],
  ],
  [
    'an alias without an anchor',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: *x'),
    [['yamlSyntax', '5:20']],
  ],
  [
    'a merge key',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors:\n- source: a.b\n  <<: {}'),
    [['unknownField', '7:5']],
  ],
  [
    'an unknown tag',
    document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: !env X.Y}]'),
    [['yamlSyntax', '5:30']],
  ],
  ['a tab for indentation', 'apiVersion: v1\nkind: A\ndata:\n\tb: c\n', [['yamlSyntax', '4:1']]],
  ['an open quote', 'apiVersion: "v1\nkind: A\n', [['yamlSyntax', '1:13']]],
  ['a lone bracket', ']', [['yamlSyntax', '1:1']]],
  ['an escape character', 'apiVersion: v1\nkind: "A\u001b[31m"\n', [['yamlSyntax', '2:9']]],
];
for (const [what, text, found] of files) {
  test(`a file with ${what} gives ${found.map(([name, at]) => `${name} at ${at}`).join() || 'nothing'}`, (t) => {
    const { state, content, findings } = read(text);
    t.deepEqual(
      findings.map(short),
      found.map(([name, at]) => `${FINDINGS[name].id} ${at}`.trim()),
    );
    const isUnsupported = found.some(([name]) => name === 'unsupportedVersion');
    t.is(state, isUnsupported ? 'unsupported' : hasErrors(findings) ? 'refused' : 'accepted');
    if (state !== 'accepted') t.is(content, noContent);
    for (const { help } of findings) t.not(help, '');
  });
}

test('help names what was meant', (t) => {
  const help = (text: string) => read(text).findings[0]?.help;
  t.is(
    help(document(config, 'ImageDigestMirrorSet', 'imageDigestMirror: []')),
    'did you mean imageDigestMirrors?',
  );
  t.is(
    help(document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: a.b, mirror: [c.d]}]')),
    'did you mean mirrors?',
  );
  t.regex(
    help(document(`${operator}/v1`, 'ImageContentSourcePolicy', 'repositoryDigestMirrors: []')) ?? '',
    /^rename it to repositoryMirrors/,
  );
  t.is(help(document('v1', 'ImageDigestMirrorSet', '{}')), `write apiVersion: ${config}`);
});

test('the file is the unit of refusal: one bad entry and nothing of it counts', (t) => {
  const good = document(config, 'ImageTagMirrorSet', `imageTagMirrors:\n${entry}`);
  const { state, content } = read(
    `${good}---\n${document(config, 'ImageTagMirrorSet', 'imageTagMirrors: [{source: "a b"}]')}`,
  );
  t.is(state, 'refused');
  t.is(content, noContent);
});

test('a newer version makes the file unsupported, also beside other errors', (t) => {
  const newer = document('config.openshift.io/v9', 'ImageTagMirrorSet', '{}');
  t.is(read(`${newer}---\n${document(config, 'ImageTagMirrorSet', 'x: 1')}`).state, 'unsupported');
});

test('so does a kind of mirror policy that is to come; other kinds of the group are passed over', (t) => {
  t.is(read(document(config, 'ImageReferenceMirrorSet', '{}')).state, 'unsupported');
  t.is(read(document(config, 'ImagePolicy', '{}')).state, 'accepted');
  t.is(read(document(config, 'ClusterImagePolicy', '{}')).state, 'accepted');
});

const one = document(config, 'ImageTagMirrorSet', `imageTagMirrors:\n${entry}`);
const forms: readonly (readonly [form: string, text: string, line: number, column: number])[] = [
  ['a leading marker', `---\n${one}`, 7, 14],
  ['empty documents around it', `---\n---\n${one}---\n...\n`, 8, 14],
  ['a byte order mark', `\ufeff${one}`, 6, 14],
  ['CRLF', one.replaceAll('\n', '\r\n'), 6, 14],
  ['comments', `# a\n${one.replace('spec:', 'spec: # b')}# c\n`, 7, 14],
  [
    'JSON',
    JSON.stringify({
      apiVersion: config,
      kind: 'ImageTagMirrorSet',
      metadata: { name: 'a' },
      spec: { imageTagMirrors: [{ source: 'quay.io/a', mirrors: ['m.example/a'] }] },
    }),
    1,
    128,
  ],
  [
    'JSON indented by tabs',
    JSON.stringify(
      {
        apiVersion: config,
        kind: 'ImageTagMirrorSet',
        metadata: { name: 'a' },
        spec: { imageTagMirrors: [{ source: 'quay.io/a', mirrors: ['m.example/a'] }] },
      },
      null,
      '\t',
    ),
    10,
    15,
  ],
  ['a List', `apiVersion: v1\nkind: List\nitems:\n- ${one.trimEnd().replaceAll('\n', '\n  ')}\n`, 9, 16],
  [
    'a List in a List',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - ${one.trimEnd().replaceAll('\n', '\n    ')}\n`,
    12,
    18,
  ],
  [
    'a typed list',
    `apiVersion: ${config}\nkind: ImageTagMirrorSetList\nitems:\n- metadata: {name: a}\n  spec:\n    imageTagMirrors:\n    ${entry}\n`,
    7,
    16,
  ],
  ['an anchor', one.replace('quay.io/a', '&x quay.io/a'), 6, 17],
];
for (const [form, text, line, column] of forms) {
  test(`a policy in a file with ${form} says the same, and knows its place`, (t) => {
    const { state, content, findings } = read(text);
    t.deepEqual(findings, []);
    t.is(state, 'accepted');
    t.is(content.objects.length, 1);
    const [rule] = content.rules;
    t.like(rule, { source: 'quay.io/a', pulls: { digest: false, tag: true }, column });
    t.deepEqual(rule?.origin, { file: path, line, kind: 'ImageTagMirrorSet', name: 'a' });
    t.is(rule?.rank.apiVersion, config);
  });
}

test('an aliased list of mirrors is read where it stands', (t) => {
  const spec = 'imageTagMirrors:\n- source: a.b\n  mirrors: &m [c.d/e]\n- source: f.g\n  mirrors: *m';
  const { content } = read(document(config, 'ImageTagMirrorSet', spec));
  t.deepEqual(
    content.rules.map(({ mirrors }) => mirrors[0]?.line),
    [7, 7],
  );
  t.deepEqual(
    content.rules.map(({ rank }) => rank.index),
    [0, 1],
  );
});

test('the line is shown for documents of our kinds only', (t) => {
  t.is(
    read(document(config, 'ImageTagMirrorSet', 'imageTagMirror: []')).findings[0]?.excerpt,
    '  imageTagMirror: []',
  );
  for (const text of [
    'password: hunter2\n',
    'apiVersion: v1\nkind: Secret\ndata: {a: hunter2, a: 2}\n',
    '- hunter2\n',
    'kind: Secret\npassword: "hunter2\n',
  ]) {
    const { findings } = read(text);
    t.not(findings.length, 0);
    t.false(JSON.stringify(findings).includes('hunter2'), text);
  }
});

test('the excerpt of a long line is cut, and left out where it could end inside a password', (t) => {
  const long = (value: string) =>
    read(document(config, 'ImageTagMirrorSet', `imageTagMirrors: [{source: "${value}"}]`)).findings[0];
  t.is(long('a'.repeat(300))?.excerpt?.length, 201);
  t.is(long(`me:${'s'.repeat(300)}@quay.io`)?.excerpt, null);
  t.false(long(`me:${'s'.repeat(300)}@quay.io`)?.message.includes('sss'));
  t.is(long('me:s3 cret@quay.io')?.excerpt, null);
  t.false(long('me:s3 cret@quay.io')?.message.includes('s3'));
});

test('bytes that are not UTF-8 are refused', (t) => {
  for (const bytes of [
    [0xff, 0xfe, 0x61, 0],
    [0x61, 0xc3],
    [0xed, 0xa0, 0x80],
  ]) {
    const { state, findings } = readPolicy(path, new Uint8Array(bytes));
    t.is(state, 'refused');
    t.deepEqual(
      findings.map(({ id }) => id),
      [FINDINGS.notUtf8.id],
    );
  }
});

test('__proto__ and its relatives are keys like others', (t) => {
  const { findings } = read(
    document(config, 'ImageTagMirrorSet', '__proto__: {imageTagMirrors: []}\nconstructor: 1\ntoString: 2'),
  );
  t.deepEqual(findings.map(short), ['ICSP017 5:3', 'ICSP017 6:3', 'ICSP017 7:3']);
});

test('at most 100 errors are kept, and nothing is read behind them', (t) => {
  const { findings } = read(
    document(config, 'ImageTagMirrorSet', `imageTagMirrors:\n${'- {}\n'.repeat(150)}`.trimEnd()),
  );
  t.is(findings.length, 101);
  t.is(findings.at(-1)?.message, 'the file has more than 100 errors and is not read to its end');
});

test('warnings are kept up to 100, and all that is written counts', (t) => {
  const entries = Array.from({ length: 150 }, (_, i) => `- {source: a.b:70000/c${i}, mirrors: [c.d]}\n`);
  const { state, content, findings } = read(
    document(config, 'ImageTagMirrorSet', `imageTagMirrors:\n${entries.join('')}`.trimEnd()),
  );
  t.is(state, 'accepted');
  t.is(content.rules.length, 150);
  t.is(findings.length, 101);
  t.is(findings.at(-1)?.message, 'the file has more than 100 warnings; the others are left out');
});

test('a name has at most 253 characters, as in Kubernetes, so that no finding or record drowns in it', (t) => {
  const named = (length: number): ReturnType<typeof read> =>
    read(document(config, 'ImageTagMirrorSet', 'imageTagMirrors: []', 'n'.repeat(length)));
  t.is(named(253).state, 'accepted');
  const { state, findings } = named(254);
  t.is(state, 'refused');
  t.deepEqual(findings.map(short), ['ICSP052 3:18']);
  t.true(JSON.stringify(named(900_000).findings).length < 1000);
});

test('a scope with an @ refuses the file, since a password may stand before it; it is shown nowhere', (t) => {
  for (const list of ['blockedRegistries', 'insecureRegistries']) {
    const { state, findings } = read(
      document(config, 'Image', `registrySources: {${list}: ["robot:S3cr/t@reg.io"]}`, 'cluster'),
    );
    t.is(state, 'refused');
    t.deepEqual(
      findings.map(({ id }) => id),
      [FINDINGS.badScope.id],
    );
    t.false(JSON.stringify(findings.map(({ message, help }) => message + help)).includes('S3cr'));
  }
});

test('a law: reading never throws, and what it accepts fits the grammar', (t) => {
  const piece = fc.constantFrom(
    `apiVersion: ${config}\n`,
    'kind: ImageTagMirrorSet\n',
    'metadata: {name: a}\n',
    'spec:\n',
    '  imageTagMirrors:\n',
    '  - source: ',
    'quay.io/a',
    'a',
    '\n',
    '    mirrors: [',
    'm.example',
    ']',
    '---\n',
    ' ',
    '"',
    '{',
    '}',
    ',',
    '&a ',
    '*a',
    '!x ',
    '\t',
    '#',
    '|\n',
    '? ',
    '- ',
    ': ',
    '\0',
    '\ufeff',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (written) => {
      const { state, content, findings } = read(written);
      if ((state === 'accepted') === hasErrors(findings)) return false;
      return content.rules.every(
        ({ source, mirrors }) => isSource(source) && mirrors.every(({ location }) => isMirror(location)),
      );
    }),
    { numRuns: 500 },
  );
  t.pass();
});

test('a law: arbitrary bytes give a reading', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readPolicy(path, bytes).findings.length < 302),
    { numRuns: 300 },
  );
  t.pass();
});
