// What is said, word by word, of the fields and entries of a policy.
import test from 'ava';
import { document, read } from './reading.ts';

const config = 'config.openshift.io/v1';
const operator = 'operator.openshift.io';
const itms = (spec: string, name?: string): string => document(config, 'ImageTagMirrorSet', spec, name);
const idms = (spec: string): string => document(config, 'ImageDigestMirrorSet', spec);
const icp = (spec: string): string => document(config, 'ImageContentPolicy', spec);
const icsp = (spec: string, version = 'v1'): string =>
  document(`${operator}/${version}`, 'ImageContentSourcePolicy', spec);
const image = (spec: string, name = 'cluster'): string => document(config, 'Image', spec, name);
const entry = '{source: quay.io/a, mirrors: [m.example/a]}';

/** Each finding as `line:column message; help`. */
const rows: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  [
    'allowMirrorByTags in the digest list of an old policy',
    icsp('repositoryDigestMirrors: [{source: quay.io/a, allowMirrorByTags: true}]', 'v1alpha1'),
    [
      '5:49 the entries of ImageContentSourcePolicy repositoryDigestMirrors have no allowMirrorByTags; rename the list to repositoryMirrors',
    ],
  ],
  [
    'allowMirrorByTags in a mirror set',
    itms('imageTagMirrors: [{source: quay.io/a, allowMirrorByTags: true}]'),
    [
      '5:41 the entries of ImageTagMirrorSet imageTagMirrors have no allowMirrorByTags; remove it: all mirrors of an ImageTagMirrorSet serve pulls by tag',
    ],
  ],
  [
    'allowMirrorByTags in a set for digests',
    idms('imageDigestMirrors: [{source: quay.io/a, allowMirrorByTags: true}]'),
    [
      '5:44 the entries of ImageDigestMirrorSet imageDigestMirrors have no allowMirrorByTags; write an ImageTagMirrorSet for pulls by tag',
    ],
  ],
  [
    'mirrorSourcePolicy in an old policy',
    icsp('repositoryMirrors: [{source: quay.io/a, mirrorSourcePolicy: NeverContactSource}]'),
    [
      '5:43 the entries of ImageContentSourcePolicy repositoryMirrors have no mirrorSourcePolicy; write an ImageDigestMirrorSet or ImageTagMirrorSet in place of this document',
    ],
  ],
  [
    'the list of another kind',
    idms('repositoryMirrors: []'),
    [
      '5:3 spec.repositoryMirrors belongs to ImageContentSourcePolicy, not to ImageDigestMirrorSet; rename it to imageDigestMirrors, or write kind: ImageContentSourcePolicy with its apiVersion',
    ],
  ],
  [
    'the list of two other kinds',
    itms('repositoryDigestMirrors: []'),
    [
      '5:3 spec.repositoryDigestMirrors belongs to ImageContentSourcePolicy and ImageContentPolicy, not to ImageTagMirrorSet; rename it to imageTagMirrors, or write kind: ImageContentSourcePolicy with its apiVersion',
    ],
  ],
  [
    'the list of another kind in an Image',
    image('imageTagMirrors: []'),
    [
      '5:3 spec.imageTagMirrors belongs to ImageTagMirrorSet, not to Image; write kind: ImageTagMirrorSet with its apiVersion',
    ],
  ],
  [
    'the field of an Image in a mirror set',
    idms('registrySources: {}'),
    [
      '5:3 spec.registrySources belongs to Image, not to ImageDigestMirrorSet; write kind: Image with its apiVersion',
    ],
  ],
  [
    'the list of another version',
    icsp('repositoryDigestMirrors: []'),
    [
      '5:3 spec.repositoryDigestMirrors is not part of operator.openshift.io/v1: this field exists in v1alpha1 only; rename it to repositoryMirrors, or write apiVersion: operator.openshift.io/v1alpha1',
    ],
  ],
  [
    'the list of an old policy in an ImageContentPolicy',
    icp('repositoryMirrors: []'),
    [
      '5:3 spec.repositoryMirrors belongs to ImageContentSourcePolicy, not to ImageContentPolicy; rename it to repositoryDigestMirrors, or write kind: ImageContentSourcePolicy with its apiVersion',
    ],
  ],
  [
    'a list of an Image directly in its spec',
    image('blockedRegistries: []'),
    ['5:3 spec.blockedRegistries belongs into spec.registrySources; put it below registrySources:'],
  ],
  [
    'a list of an Image in a mirror set',
    idms('blockedRegistries: []'),
    [
      '5:3 spec.blockedRegistries belongs into spec.registrySources of an Image; write it in a document of kind: Image that is named cluster',
    ],
  ],
  [
    'a misspelt field of spec',
    idms('imageDigestMirror: []'),
    ['5:3 spec has no field "imageDigestMirror"; did you mean imageDigestMirrors?'],
  ],
  [
    'a field of an entry that nothing has',
    idms('imageDigestMirrors: [{source: quay.io/a, zone: b}]'),
    [
      '5:44 spec.imageDigestMirrors[0] has no field "zone"; write one of: source, mirrors, mirrorSourcePolicy',
    ],
  ],
  [
    'a field of spec that nothing has',
    icp('zone: b'),
    ['5:3 spec has no field "zone"; write one of: repositoryDigestMirrors'],
  ],
  [
    'a merge key',
    idms('imageDigestMirrors: [{source: quay.io/a, <<: {}}]'),
    [
      '5:44 spec.imageDigestMirrors[0] has a merge key <<, which YAML 1.2 does not have; write the fields out',
    ],
  ],
  [
    'a list that is a map',
    idms('imageDigestMirrors: {}'),
    [
      '5:23 spec.imageDigestMirrors is a map, not a list; write it as a list, each value on its own line behind "- "',
    ],
  ],
  [
    'an entry that is a string',
    idms('imageDigestMirrors: [quay.io]'),
    ['5:24 spec.imageDigestMirrors[0] is a string, not a map; write source: and mirrors: in it'],
  ],
  [
    'an entry that is empty',
    idms('imageDigestMirrors: [null]'),
    ['5:24 spec.imageDigestMirrors[0] is empty, not a map; write source: and mirrors: in it'],
  ],
  [
    'an entry that is a list',
    idms('imageDigestMirrors: [[]]'),
    ['5:24 spec.imageDigestMirrors[0] is a list, not a map; write source: and mirrors: in it'],
  ],
  [
    'an entry without a source',
    idms('imageDigestMirrors: [{mirrors: [m.example]}]'),
    ['5:25 spec.imageDigestMirrors[0] has no source; add source: and the repository that is mirrored'],
  ],
  [
    'an entry whose source is empty',
    idms('imageDigestMirrors: [{mirrors: [m.example], source: }]'),
    ['5:25 spec.imageDigestMirrors[0] has no source; add source: and the repository that is mirrored'],
  ],
  [
    'an entry without anything',
    idms('imageDigestMirrors: [{}]'),
    ['5:24 spec.imageDigestMirrors[0] has no source; add source: and the repository that is mirrored'],
  ],
  [
    'a source that is a number',
    idms('imageDigestMirrors: [{source: 5000}]'),
    ['5:33 spec.imageDigestMirrors[0].source is a number, not a string; write one repository, in quotes'],
  ],
  [
    'a source that is a list',
    idms('imageDigestMirrors: [{source: [quay.io]}]'),
    ['5:33 spec.imageDigestMirrors[0].source is a list, not a string; write one repository, in quotes'],
  ],
  [
    'mirrors that are a string',
    idms('imageDigestMirrors: [{source: quay.io, mirrors: m.example}]'),
    [
      '5:51 spec.imageDigestMirrors[0].mirrors is a string, not a list; write it as a list, each value on its own line behind "- "',
    ],
  ],
  [
    'a mirror that is a number',
    idms('imageDigestMirrors: [{source: quay.io, mirrors: [m.example, 5000]}]'),
    ['5:63 spec.imageDigestMirrors[0].mirrors[1] is a number, not a string; write one repository, in quotes'],
  ],
  [
    'a mirror of an entry without a source',
    idms('imageDigestMirrors: [{mirrors: [m.example:99999/x]}]'),
    [
      '5:25 spec.imageDigestMirrors[0] has no source; add source: and the repository that is mirrored',
      '5:35 mirror "m.example:99999/x" has a port above 65535; write the port on which the registry listens',
    ],
  ],
  [
    'nine mirrors',
    idms(`imageDigestMirrors: [{source: quay.io, mirrors: [${Array(9).fill('m.example/a').join()}]}]`),
    [
      '5:51 spec.imageDigestMirrors[0] has 9 mirrors; keep those that are needed: each adds its time-out to a failing pull',
    ],
  ],
  [
    '32 mirrors',
    idms(`imageDigestMirrors: [{source: quay.io, mirrors: [${Array(32).fill('m.example/a').join()}]}]`),
    [
      '5:51 spec.imageDigestMirrors[0] has 32 mirrors; keep those that are needed: each adds its time-out to a failing pull',
    ],
  ],
  [
    '33 mirrors',
    idms(`imageDigestMirrors: [{source: quay.io, mirrors: [${Array(33).fill('m.example/a').join()}]}]`),
    [
      '5:51 spec.imageDigestMirrors[0] has 33 mirrors; keep those that are needed: each adds its time-out to a failing pull',
    ],
  ],
  [
    'eight mirrors',
    idms(`imageDigestMirrors: [{source: quay.io, mirrors: [${Array(8).fill('m.example/a').join()}]}]`),
    [],
  ],
  [
    'allowMirrorByTags in quotes',
    icsp('repositoryMirrors: [{source: quay.io/a, allowMirrorByTags: "true"}]'),
    [
      '5:62 spec.repositoryMirrors[0].allowMirrorByTags is a string, not true or false; write true or false, without quotes',
    ],
  ],
  [
    'allowMirrorByTags that is a list',
    icsp('repositoryMirrors: [{source: quay.io/a, allowMirrorByTags: []}]'),
    [
      '5:62 spec.repositoryMirrors[0].allowMirrorByTags is a list, not true or false; write true or false, without quotes',
    ],
  ],
  [
    'a source policy that is a number',
    idms('imageDigestMirrors: [{source: quay.io, mirrorSourcePolicy: 1}]'),
    [
      '5:62 spec.imageDigestMirrors[0].mirrorSourcePolicy is a number, not a string; write NeverContactSource or AllowContactingSource',
    ],
  ],
  [
    'a source policy that is nearly one',
    idms('imageDigestMirrors: [{source: quay.io, mirrorSourcePolicy: NeverContactSources}]'),
    [
      '5:62 spec.imageDigestMirrors[0].mirrorSourcePolicy cannot be "NeverContactSources"; did you mean NeverContactSource?',
    ],
  ],
  [
    'a source policy that is none',
    idms('imageDigestMirrors: [{source: quay.io, mirrorSourcePolicy: Always}]'),
    [
      '5:62 spec.imageDigestMirrors[0].mirrorSourcePolicy cannot be "Always"; write one of: NeverContactSource, AllowContactingSource',
    ],
  ],
  [
    'one source in both lists, the general one later',
    icsp(`repositoryDigestMirrors: [${entry}]\nrepositoryMirrors: [${entry}]`, 'v1alpha1'),
    [
      '6:32 source "quay.io/a" stands in spec.repositoryDigestMirrors too, on line 5; keep it in one of the two lists',
    ],
  ],
  [
    'one source in both lists, the digest one later',
    icsp(`repositoryMirrors: [${entry}]\nrepositoryDigestMirrors: [${entry}]`, 'v1alpha1'),
    [
      '6:38 source "quay.io/a" stands in spec.repositoryMirrors too, on line 5; keep it in one of the two lists',
    ],
  ],
  [
    'a field that no version has',
    icsp('zone: b', 'v1alpha1'),
    ['5:3 spec has no field "zone"; write one of: repositoryMirrors, repositoryDigestMirrors'],
  ],
  [
    'one source thrice in an ImageContentPolicy',
    icp(`repositoryDigestMirrors:\n- ${entry}\n- ${entry}\n- ${entry}`),
    [
      '7:14 source "quay.io/a" stands in this ImageContentPolicy already, on line 6; put all its mirrors into one entry',
      '8:14 source "quay.io/a" stands in this ImageContentPolicy already, on line 6; put all its mirrors into one entry',
    ],
  ],
  [
    'other fields of an Image',
    image(
      'additionalTrustedCA: {name: x}\nallowedRegistriesForImport: []\nexternalRegistryHostnames: []\nimageStreamImportMode: Legacy',
    ),
    [
      '5:3 icspd does not use spec.additionalTrustedCA, spec.allowedRegistriesForImport, spec.externalRegistryHostnames, spec.imageStreamImportMode; nothing to do; only spec.registrySources counts',
    ],
  ],
  [
    'registries that are a list',
    image('registrySources: []'),
    ['5:20 spec.registrySources is a list, not a map; write its fields below it, indented'],
  ],
  ['no registries', image('registrySources: null'), []],
  [
    'a list of registries that is a string',
    image(
      'registrySources: {insecureRegistries: m.example, blockedRegistries: b.example, containerRuntimeSearchRegistries: s.example, allowedRegistries: a.example}',
    ),
    [
      '5:146 spec.registrySources.allowedRegistries is a string, not a list; write it as a list, each value on its own line behind "- "',
      '5:41 spec.registrySources.insecureRegistries is a string, not a list; write it as a list, each value on its own line behind "- "',
      '5:71 spec.registrySources.blockedRegistries is a string, not a list; write it as a list, each value on its own line behind "- "',
      '5:116 spec.registrySources.containerRuntimeSearchRegistries is a string, not a list; write it as a list, each value on its own line behind "- "',
    ],
  ],
  [
    'registries that are numbers',
    image(
      'registrySources: {insecureRegistries: [1], blockedRegistries: [b.example, 2], containerRuntimeSearchRegistries: [3], allowedRegistries: [4]}',
    ),
    [
      '5:140 spec.registrySources.allowedRegistries[0] is a number, not a string; put it in quotes',
      '5:120 registrySources has both allowedRegistries and blockedRegistries; keep one of the two',
      '5:42 spec.registrySources.insecureRegistries[0] is a number, not a string; write one registry, in quotes',
      '5:77 spec.registrySources.blockedRegistries[1] is a number, not a string; write one registry, in quotes',
      '5:116 spec.registrySources.containerRuntimeSearchRegistries[0] is a number, not a string; write one registry, in quotes',
    ],
  ],
  [
    'allowed registries that OpenShift would refuse, though nothing is made of them here',
    image('registrySources: {allowedRegistries: ["", a.*.example, https://a.example, ok.example]}'),
    [
      '5:41 scope "" is empty; write a host, a repository or *.example.com',
      '5:45 scope "a.*.example" has a wildcard that is not of the form *.example.com; write *. and a domain, nothing else',
      '5:21 allowedRegistries is not applied: it belongs to policy.json, which icspd does not write; restrict registries in /etc/containers/policy.json',
    ],
  ],
  [
    'a misspelt list of registries',
    image('registrySources: {blockedRegistry: []}'),
    ['5:21 spec.registrySources has no field "blockedRegistry"; did you mean blockedRegistries?'],
  ],
  [
    'a list of registries that nothing has',
    image('registrySources: {zones: []}'),
    [
      '5:21 spec.registrySources has no field "zones"; write one of: insecureRegistries, blockedRegistries, allowedRegistries, containerRuntimeSearchRegistries',
    ],
  ],
  [
    'allowed registries',
    image('registrySources: {allowedRegistries: [a.example]}'),
    [
      '5:21 allowedRegistries is not applied: it belongs to policy.json, which icspd does not write; restrict registries in /etc/containers/policy.json',
    ],
  ],
  [
    'allowed registries and an empty list of blocked ones',
    image('registrySources: {allowedRegistries: [a.example], blockedRegistries: []}'),
    [
      '5:21 allowedRegistries is not applied: it belongs to policy.json, which icspd does not write; restrict registries in /etc/containers/policy.json',
    ],
  ],
  [
    'allowed and blocked registries',
    image('registrySources: {allowedRegistries: [a.example], blockedRegistries: [b.example]}'),
    ['5:21 registrySources has both allowedRegistries and blockedRegistries; keep one of the two'],
  ],
  [
    'an empty list of allowed registries',
    image('registrySources: {allowedRegistries: [], blockedRegistries: [b.example]}'),
    [],
  ],
  [
    'a search registry with a path',
    image('registrySources: {containerRuntimeSearchRegistries: [quay.io/a]}'),
    [
      '5:56 search registry "quay.io/a" is not a host with an optional port; write host[:port], without scheme and path',
    ],
  ],
  [
    'an Image of another name',
    image('registrySources: {}', 'other'),
    [
      '1:1 the Image "other" is skipped: only the one named cluster counts; rename it to cluster if it is meant to count',
    ],
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
