// What is said, word by word, of documents, their kinds, names and lists.
import test from 'ava';
import { document, read } from './reading.ts';

const config = 'config.openshift.io/v1';
const operator = 'operator.openshift.io';
const itms = (spec: string, name?: string): string => document(config, 'ImageTagMirrorSet', spec, name);
const idms = (spec: string): string => document(config, 'ImageDigestMirrorSet', spec);

/** Each finding as `line:column message; help`. */
const rows: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  [
    'a version that is newer',
    document('config.openshift.io/v2', 'ImageDigestMirrorSet', '{}'),
    [
      '1:13 ImageDigestMirrorSet is not known in apiVersion "config.openshift.io/v2"; update icspd, or write apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'a version of a kind that has several',
    document(`${operator}/v2`, 'ImageContentSourcePolicy', '{}'),
    [
      '1:13 ImageContentSourcePolicy is not known in apiVersion "operator.openshift.io/v2"; update icspd, or write apiVersion: operator.openshift.io/v1alpha1 or operator.openshift.io/v1alpha2 or operator.openshift.io/v1',
    ],
  ],
  [
    'a kind in our other group',
    document(`${operator}/v1`, 'ImageDigestMirrorSet', '{}'),
    [
      '1:13 ImageDigestMirrorSet does not belong to apiVersion "operator.openshift.io/v1"; write apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'a kind without its group',
    document('v1', 'ImageContentSourcePolicy', '{}'),
    [
      '1:13 ImageContentSourcePolicy does not belong to apiVersion "v1"; write apiVersion: operator.openshift.io/v1alpha1',
    ],
  ],
  [
    'an Image in our other group',
    document(`${operator}/v1`, 'Image', '{}'),
    [
      '1:13 Image does not belong to apiVersion "operator.openshift.io/v1"; write apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'a misspelt kind',
    document(config, 'ImageDigestMirorSet', '{}'),
    ['2:7 config.openshift.io has no kind "ImageDigestMirorSet"; write kind: ImageDigestMirrorSet'],
  ],
  [
    'a kind in lower case',
    document(config, 'imagedigestmirrorset', '{}'),
    ['2:7 config.openshift.io has no kind "imagedigestmirrorset"; write kind: ImageDigestMirrorSet'],
  ],
  [
    'a kind with two letters too many',
    document(config, 'ImageTagMirrorSetss', '{}'),
    ['2:7 config.openshift.io has no kind "ImageTagMirrorSetss"; write kind: ImageTagMirrorSet'],
  ],
  [
    'a kind with three letters too many',
    document(config, 'ImageTagMirrorSetsss', '{}'),
    [
      '1:1 documents of other kinds are skipped: "ImageTagMirrorSetsss"; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'a mirror policy of a kind that is to come',
    document(config, 'ImageReferenceMirrorSet', '{}'),
    [
      '1:13 "ImageReferenceMirrorSet" seems to be a kind of mirror policy that this version does not know; update icspd, or take the document out of the policy directory',
    ],
  ],
  [
    'a kind called like that in a group that is not ours',
    document('example.com/v1', 'ImageReferenceMirrorSet', '{}'),
    [
      '1:1 documents of other kinds are skipped: "ImageReferenceMirrorSet"; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'another short kind',
    document(config, 'Imagex', '{}'),
    [
      '1:1 documents of other kinds are skipped: "Imagex"; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'a kind that is nearly ours in a group that is not',
    document('example.com/v1', 'ImageDigestMirorSet', '{}'),
    [
      '1:1 documents of other kinds are skipped: "ImageDigestMirorSet"; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'a kind that is nearly an ImageContentPolicy',
    document(config, 'ImageContentPolicies', '{}'),
    ['2:7 config.openshift.io has no kind "ImageContentPolicies"; write kind: ImageContentPolicy'],
  ],
  [
    'six other kinds',
    ['F', 'E', 'A', 'B', 'C', 'D', 'A'].map((kind) => document('v1', kind, '{}')).join('---\n'),
    [
      '1:1 documents of other kinds are skipped: "F", "E", "A", "B", "C" and 1 more; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'five other kinds',
    ['F', 'E', 'A', 'B', 'C', 'F'].map((kind) => document('v1', kind, '{}')).join('---\n'),
    [
      '1:1 documents of other kinds are skipped: "F", "E", "A", "B", "C"; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'a list of texts',
    '- a\n- b\n',
    ['1:1 the document is a list, not a Kubernetes object; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'a text',
    'hello\n',
    ['1:1 the document is a string, not a Kubernetes object; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'a number',
    '42\n',
    ['1:1 the document is a number, not a Kubernetes object; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'a list in which one item is an entry',
    '- a\n- source: quay.io\n',
    [
      '1:1 the document is a bare list of sources and mirrors; put it below spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'a list in which one item has mirrors',
    '- mirrors: [m.example]\n',
    [
      '1:1 the document is a bare list of sources and mirrors; put it below spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'an entry alone',
    'source: quay.io\n',
    [
      '1:1 the document is a bare list of sources and mirrors; put it below spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'mirrors alone',
    'mirrors: [m.example]\n',
    [
      '1:1 the document is a bare list of sources and mirrors; put it below spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'a map that is nothing',
    'a: b\n',
    ['1:1 the document has no kind; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'a kind of ours without apiVersion',
    'kind: ImageDigestMirrorSet\n',
    ['1:1 the ImageDigestMirrorSet has no apiVersion; write apiVersion: config.openshift.io/v1'],
  ],
  [
    'another kind without apiVersion',
    'kind: ConfigMap\n',
    [
      '1:1 the document of kind "ConfigMap" has no apiVersion; write apiVersion: and its API group and version',
    ],
  ],
  [
    'an apiVersion without a kind',
    'apiVersion: v1\n',
    ['1:1 the document has no kind; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'an install-config',
    'imageContentSources: []\n',
    [
      '1:1 the document is a fragment of an install-config: it has imageContentSources and no kind; put the list below imageContentSources under spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'an install-config of the newer form',
    'imageDigestSources: []\n',
    [
      '1:1 the document is a fragment of an install-config: it has imageDigestSources and no kind; put the list below imageDigestSources under spec.imageDigestMirrors of an ImageDigestMirrorSet, apiVersion: config.openshift.io/v1',
    ],
  ],
  [
    'no metadata',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nspec: {}\n`,
    [
      '1:1 the ImageTagMirrorSet has no metadata.name; write metadata: and below it name: with a name of your choice',
    ],
  ],
  [
    'metadata that are a list',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: []\nspec: {}\n`,
    [
      '3:1 the ImageTagMirrorSet has no metadata.name; write metadata: and below it name: with a name of your choice',
    ],
  ],
  [
    'a name that is empty',
    itms('{}', 'null'),
    [
      '3:1 the ImageTagMirrorSet has no metadata.name; write metadata: and below it name: with a name of your choice',
    ],
  ],
  [
    'a name that is an empty text',
    itms('{}', "''"),
    [
      '3:1 the ImageTagMirrorSet has no metadata.name; write metadata: and below it name: with a name of your choice',
    ],
  ],
  [
    'a name that is a number',
    itms('{}', '1'),
    ['3:18 metadata.name is a number, not a string; put it in quotes'],
  ],
  ['a name of 253 characters', itms('{}', 'a'.repeat(253)), []],
  [
    'a name of 254 characters',
    itms('{}', 'a'.repeat(254)),
    ['3:18 metadata.name of the ImageTagMirrorSet has 254 characters, more than 253; choose a shorter name'],
  ],
  [
    'no spec',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: a}\n`,
    ['1:1 the ImageTagMirrorSet has no spec; write spec: and below it the lists of the kind'],
  ],
  [
    'an empty spec',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: a}\nspec:\n`,
    ['4:1 the ImageTagMirrorSet has no spec; write spec: and below it the lists of the kind'],
  ],
  [
    'a spec that is a list',
    itms('[]'),
    ['5:3 spec is a list, not a map; write its fields below it, indented'],
  ],
  [
    'a list beside metadata, and no spec',
    `apiVersion: ${config}\nkind: ImageTagMirrorSet\nmetadata: {name: a}\nimageTagMirrors: []\n`,
    ['1:1 the ImageTagMirrorSet has no spec; put imageTagMirrors: below spec:, indented'],
  ],
  [
    'a list of registries beside metadata, and no spec',
    `apiVersion: ${config}\nkind: Image\nmetadata: {name: cluster}\nx: 1\nblockedRegistries: []\n`,
    [
      '1:1 the Image has no spec; put blockedRegistries: below spec:, indented',
      '4:1 the Image has no field "x" at its top level; write one of: apiVersion, kind, metadata, spec, status',
    ],
  ],
  [
    'a list beside spec',
    `${itms('{}')}imageTagMirrors: []\n`,
    [
      '6:1 the ImageTagMirrorSet has no field "imageTagMirrors" at its top level; put it below spec:, indented',
    ],
  ],
  [
    'a misspelt status',
    `${itms('{}')}statu: {}\n`,
    ['6:1 the ImageTagMirrorSet has no field "statu" at its top level; did you mean status?'],
  ],
  [
    'a field at the top level that nothing has',
    `${itms('{}')}zone: {}\n`,
    [
      '6:1 the ImageTagMirrorSet has no field "zone" at its top level; write one of: apiVersion, kind, metadata, spec, status',
    ],
  ],
  [
    'an alias without an anchor',
    idms('imageDigestMirrors: *x'),
    [
      '5:23 the alias "*x" has no anchor before it; write "&x" before the value that is meant, or quote the text if it is no alias',
    ],
  ],
  [
    'an alias of a text where it stands',
    idms('imageDigestMirrors: [{source: &a 5, mirrors: [*a]}]'),
    [
      '5:36 spec.imageDigestMirrors[0].source is a number, not a string; write one repository, in quotes',
      '5:49 spec.imageDigestMirrors[0].mirrors[0] is a number, not a string; write one repository, in quotes',
    ],
  ],
  [
    'an alias of a list at its own place',
    idms('imageDigestMirrors: [{source: a.example, mirrors: &m [5]}, {source: b.example, mirrors: *m}]'),
    [
      '5:57 spec.imageDigestMirrors[0].mirrors[0] is a number, not a string; write one repository, in quotes',
      '5:57 spec.imageDigestMirrors[1].mirrors[0] is a number, not a string; write one repository, in quotes',
    ],
  ],
  [
    'an alias inside its own anchor',
    idms('imageDigestMirrors: &x [*x]'),
    [
      '5:27 the alias "*x" has no anchor before it; write "&x" before the value that is meant, or quote the text if it is no alias',
    ],
  ],
  [
    'a key twice',
    itms('imageTagMirrors: []\nimageTagMirrors: []'),
    ['6:3 the key "imageTagMirrors" is written twice in one map; remove one of the two'],
  ],
  [
    'an empty key twice',
    itms('{: 1, : 2}'),
    ['5:9 the key "" is written twice in one map; remove one of the two'],
  ],
  ['an empty key', itms('{: 1}'), ['5:4 spec has no field ""; write one of: imageTagMirrors']],
  [
    'keys that are a list and a map',
    itms('{[a]: 1, [b]: 2, {c: d}: 3}'),
    [
      '5:4 spec has no field "(a list)"; write one of: imageTagMirrors',
      '5:12 spec has no field "(a list)"; write one of: imageTagMirrors',
      '5:20 spec has no field "(a map)"; write one of: imageTagMirrors',
    ],
  ],
  [
    'a key that is a number',
    itms('{1: 2, 1.0: 3}'),
    ['5:10 the key "1" is written twice in one map; remove one of the two'],
  ],
  [
    'numbers that JavaScript cannot hold',
    idms(
      'imageDigestMirrors: [{source: 0x1F}, {source: 99999999999999999999}, {source: .inf}, {source: 2020-01-01}]',
    ),
    [
      '5:33 spec.imageDigestMirrors[0].source is a number, not a string; write one repository, in quotes',
      '5:49 spec.imageDigestMirrors[1].source is a number, not a string; write one repository, in quotes',
      '5:81 spec.imageDigestMirrors[2].source is a number, not a string; write one repository, in quotes',
      '5:97 source "2020-01-01" never matches: "2020-01-01" has no dot and no port, so it is not read as a registry; write the registry in front, such as "docker.io/2020-01-01", or its full host name',
    ],
  ],
  [
    'a text with an unknown tag',
    idms('imageDigestMirrors: [{source: !env X}]'),
    ['5:33 the tag is not one of YAML 1.2; remove the word that begins with !'],
  ],
  [
    'a document of another kind with an unknown tag',
    'apiVersion: v1\nkind: A\nb: !env X\n',
    ['1:1 documents of other kinds are skipped: "A"; nothing to do; icspd reads image mirror policies only'],
  ],
  ['nothing', '', ['- the file is empty; delete the file if its mirrors should go, or write it again']],
  [
    'white space',
    ' \n\t\n',
    [
      '- the file is empty: it has nothing but white space; delete the file if its mirrors should go, or write it again',
    ],
  ],
  ['a list of ours with nothing in it', `apiVersion: ${config}\nkind: ImageTagMirrorSetList\n`, []],
  ['a list of ours that is empty', `apiVersion: ${config}\nkind: ImageTagMirrorSetList\nitems:\n`, []],
  [
    'a list of ours that is a map',
    `apiVersion: ${config}\nkind: ImageTagMirrorSetList\nitems: {}\n`,
    ['3:8 items is a map, not a list; write it as a list, each object behind "- "'],
  ],
  [
    'a List that is a map',
    'apiVersion: v1\nkind: List\nitems: {}\n',
    ['3:8 items is a map, not a list; write it as a list, each object behind "- "'],
  ],
  [
    'a List of a group of ours',
    `apiVersion: ${config}\nkind: List\nitems: [1]\n`,
    ['1:13 the List does not belong to apiVersion "config.openshift.io/v1"; write apiVersion: v1'],
  ],
  [
    'a List of another group',
    'apiVersion: example.com/v1\nkind: List\nitems: [1]\n',
    [
      '1:1 documents of other kinds are skipped: "List"; nothing to do; icspd reads image mirror policies only',
    ],
  ],
  [
    'a List without apiVersion',
    'kind: List\nitems: [1]\n',
    ['2:9 the document is a number, not a Kubernetes object; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'a typed list whose items have kinds of their own',
    `apiVersion: ${config}\nkind: ImageTagMirrorSetList\nitems:\n- kind: ImageDigestMirrorSet\n- apiVersion: v1\n- a\n`,
    [
      '4:3 the ImageDigestMirrorSet has no metadata.name; write metadata: and below it name: with a name of your choice',
      '4:3 the ImageDigestMirrorSet has no spec; write spec: and below it the lists of the kind',
      '5:15 ImageTagMirrorSet does not belong to apiVersion "v1"; write apiVersion: config.openshift.io/v1',
      '6:3 the document is a string, not a Kubernetes object; write apiVersion:, kind:, metadata: and spec:',
    ],
  ],
  [
    'Lists in Lists, four deep',
    `${'{kind: List, items: ['.repeat(4)}1${']}'.repeat(4)}`,
    ['1:85 the document is a number, not a Kubernetes object; write apiVersion:, kind:, metadata: and spec:'],
  ],
  [
    'Lists in Lists, five deep',
    `${'{kind: List, items: ['.repeat(5)}1${']}'.repeat(5)}`,
    ['1:86 the Lists stand in each other more than 4 deep; take the objects out of the inner Lists'],
  ],
  [
    'two spaces where a tab is meant to be',
    'apiVersion: v1\nkind: A\ndata:\n\tb: c\n',
    ['4:1 a tab indents this line; indent with spaces'],
  ],
];

for (const [what, text, said] of rows) {
  test(`what is said of ${what}`, (t) => {
    t.deepEqual(
      read(text).findings.map(({ line, column, message, help }) => {
        const place = line === null || column === null ? '-' : `${line}:${column}`;
        return `${place} ${message}; ${help}`;
      }),
      said,
    );
  });
}
