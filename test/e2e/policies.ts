// The text of policies: files as tools write them, and small ones made on the spot.
import { readFileSync } from 'node:fs';

/** The text of a policy in policies/. */
export function policy(name: string): string {
  return readFileSync(new URL(`./policies/${name}`, import.meta.url), 'utf8');
}

/** An ImageDigestMirrorSet with one entry; `sourcePolicy` as in the API. */
export function digestMirrorSet(name: string, source: string, mirror: string, sourcePolicy?: string): string {
  const lines = [
    'apiVersion: config.openshift.io/v1',
    'kind: ImageDigestMirrorSet',
    `metadata: {name: ${name}}`,
    'spec:',
    '  imageDigestMirrors:',
    `  - source: ${source}`,
    `    mirrors: [${JSON.stringify(mirror)}]`,
  ];
  if (sourcePolicy !== undefined) lines.push(`    mirrorSourcePolicy: ${sourcePolicy}`);
  return `${lines.join('\n')}\n`;
}

/** An ImageTagMirrorSet with one entry. */
export function tagMirrorSet(name: string, source: string, mirrors: readonly string[]): string {
  const lines = [
    'apiVersion: config.openshift.io/v1',
    'kind: ImageTagMirrorSet',
    `metadata: {name: ${name}}`,
    'spec:',
    '  imageTagMirrors:',
    `  - source: ${source}`,
    `    mirrors: ${JSON.stringify(mirrors)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The Image object of a cluster: scopes that are blocked, and scopes whose certificates are not checked. */
export function registrySources(scopes: {
  readonly blocked?: readonly string[];
  readonly insecure?: readonly string[];
}): string {
  const { blocked, insecure } = scopes;
  const sources = { blockedRegistries: blocked, insecureRegistries: insecure };
  return `apiVersion: config.openshift.io/v1\nkind: Image\nmetadata: {name: cluster}\nspec: {registrySources: ${JSON.stringify(sources)}}\n`;
}
