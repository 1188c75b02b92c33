// A failing case as commands: pasted into a shell at the top of the checkout, they make a golden tree.
import type { Registry } from '../../src/registries/model.ts';
import { emptyConf } from '../../src/registries/model.ts';
import { renderRegistriesConf } from '../../src/registries/render.ts';
import type { ObjectCase, PolicyCase } from './policy-cases.ts';
import type { OracleTable } from './oracle.ts';

const tree = 'test/golden/trees/oracle-NAME-IT';

const forms = {
  ICSP: ['operator.openshift.io/v1alpha1', 'ImageContentSourcePolicy', 'repositoryDigestMirrors'],
  'ICSP+tags': ['operator.openshift.io/v1', 'ImageContentSourcePolicy', 'repositoryMirrors'],
  IDMS: ['config.openshift.io/v1', 'ImageDigestMirrorSet', 'imageDigestMirrors'],
  ITMS: ['config.openshift.io/v1', 'ImageTagMirrorSet', 'imageTagMirrors'],
} as const;

/** The policies, the baseline, and what the library makes of them, as a comment. */
export function policyGolden(
  { objects, insecure, blocked, baseline }: PolicyCase,
  upstream: readonly OracleTable[],
): string {
  const documents = objects.map(writeObject);
  if (insecure.length + blocked.length > 0) {
    documents.push({
      apiVersion: 'config.openshift.io/v1',
      kind: 'Image',
      metadata: { name: 'cluster' },
      spec: { registrySources: { insecureRegistries: insecure, blockedRegistries: blocked } },
    });
  }
  return [
    writeFile(
      'policies/a.json',
      `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }, null, 2)}\n`,
    ),
    ...(baseline.length === 0 ? [] : [writeFile('baseline.conf', writeTables(baseline))]),
    `# then: UPDATE_GOLDEN=1 npx ava test/golden. The library gives:\n${asComment(writeTables(upstream))}`,
  ].join('\n');
}

/** The files, and what was asked and answered as a comment. */
export function confGolden(main: Uint8Array, dropIns: readonly Uint8Array[], answers: string): string {
  const files = [main, ...dropIns].map((bytes, i) =>
    writeBytes(i === 0 ? 'baseline.conf' : `${i}.conf`, bytes),
  );
  const made = `mkdir -p ${tree}/policies\n${files.join('\n')}`;
  return `${made}\n# then: UPDATE_GOLDEN=1 npx ava test/golden. The libraries say:\n${asComment(answers)}`;
}

function writeObject({ kind, entries }: ObjectCase, index: number): object {
  const [apiVersion, kindName, field] = forms[kind];
  const list = entries.map(({ source, mirrors, policy }) => ({
    source,
    mirrors,
    ...(kind === 'ICSP+tags' ? { allowMirrorByTags: true } : {}),
    ...(policy === 'unset'
      ? {}
      : { mirrorSourcePolicy: policy === 'never' ? 'NeverContactSource' : 'AllowContactingSource' }),
  }));
  return { apiVersion, kind: kindName, metadata: { name: `set-${index}` }, spec: { [field]: list } };
}

function writeTables(tables: readonly OracleTable[]): string {
  const registries = tables.map((table): Registry => ({
    ...table,
    pullFromMirror: '',
    origins: [],
    extra: {},
    mirrors: table.mirrors.map((mirror) => ({ ...mirror, origins: [], extra: {} })),
  }));
  return renderRegistriesConf({ ...emptyConf, registries });
}

function writeFile(path: string, text: string): string {
  const directory = `${tree}/${path}`.replace(/\/[^/]*$/, '');
  return `mkdir -p ${directory}\ncat >${tree}/${path} <<'END'\n${text}END`;
}

/** As base64 where the file is not plain lines of text. */
function writeBytes(path: string, bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString();
  if (/^(?:[^\p{Cc}\ufeff\ufffd]|[\t\n])*$/u.test(text) && text.endsWith('\n')) return writeFile(path, text);
  return `base64 -d >${tree}/${path} <<'END'\n${Buffer.from(bytes).toString('base64')}\nEND`;
}

function asComment(text: string): string {
  return text.replace(/^/gm, '# ').trimEnd();
}
