// Mirrors and flags → the text of a policy file: the way back from what readPolicy reads.

/** One entry of a mirror set. */
export interface MirrorEntry {
  readonly source: string;
  /** Never empty. */
  readonly mirrors: readonly string[];
  /** NeverContactSource. */
  readonly isNever: boolean;
}

/** What a policy file shall ask for. Values must have the grammar of sources, mirrors and scopes. */
export interface PolicyText {
  /** `metadata.name` of the mirror sets. */
  readonly name: string;
  readonly digest: readonly MirrorEntry[];
  readonly tag: readonly MirrorEntry[];
  readonly insecure: readonly string[];
  readonly blocked: readonly string[];
  /** Empty: nothing is said about them. */
  readonly search: readonly string[];
}

/** The file as YAML, one document for each kind that has something to say; '' where none has. */
export function writePolicy({ name, digest, tag, insecure, blocked, search }: PolicyText): string {
  const sources = [
    ...list('insecureRegistries', insecure),
    ...list('blockedRegistries', blocked),
    ...list('containerRuntimeSearchRegistries', search),
  ];
  return [
    ...mirrorSet('ImageDigestMirrorSet', name, 'imageDigestMirrors', digest),
    ...mirrorSet('ImageTagMirrorSet', name, 'imageTagMirrors', tag),
    ...(sources.length === 0
      ? []
      : [head('Image', 'cluster') + ['  registrySources:', ...sources, ''].join('\n')]),
  ].join('---\n');
}

function mirrorSet(
  kind: string,
  name: string,
  field: string,
  entries: readonly MirrorEntry[],
): readonly string[] {
  if (entries.length === 0) return [];
  const lines = entries.flatMap(({ source, mirrors, isNever }) => [
    `    - source: ${scalar(source)}`,
    ...(isNever ? ['      mirrorSourcePolicy: NeverContactSource'] : []),
    '      mirrors:',
    ...mirrors.map((mirror) => `        - ${scalar(mirror)}`),
  ]);
  return [`${head(kind, name)}  ${field}:\n${lines.join('\n')}\n`];
}

function head(kind: string, name: string): string {
  return `apiVersion: config.openshift.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n`;
}

function list(field: string, values: readonly string[]): readonly string[] {
  if (values.length === 0) return [];
  return [`    ${field}:`, ...values.map((value) => `      - ${scalar(value)}`)];
}

/** Plain where YAML can take it for nothing but a string: a letter in front, and a dot or a slash in it. */
function scalar(value: string): string {
  return /^[a-z][a-z0-9:_-]*[./][a-z0-9./:_-]*$/i.test(value) ? value : JSON.stringify(value);
}
