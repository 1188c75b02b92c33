// Golden trees: each folder below trees/ holds policies and perhaps a baseline, and the registries.conf and findings that must come of them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeRendering } from '../../src/agent/rendering.ts';
import { defaultSettings } from '../../src/config.ts';
import { describeFinding } from '../../src/finding.ts';
import { digest } from '../../src/host/digest.ts';
import { acceptPolicies } from '../../src/policy/accept.ts';

const trees = join(import.meta.dirname, 'trees');

/** Set to write the outcome down instead of comparing it; then read the difference in git. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

for (const name of readdirSync(trees).sort()) {
  test(`golden tree ${name}`, (t) => {
    const tree = join(trees, name);
    const outcome = runTree(tree);
    for (const [file, text] of Object.entries(outcome)) {
      const path = join(tree, file);
      if (isUpdate) writeFileSync(path, text);
      t.is(text, existsSync(path) ? readFileSync(path, 'utf8') : `${file} is missing`);
    }
  });
}

/** What the tree gives: the file (empty where there is none) and the findings, one a line. */
function runTree(tree: string): { 'expected.conf': string; 'expected.findings': string } {
  const directory = join(tree, 'policies');
  const entries = readdirSync(directory)
    .sort()
    .map((name) => {
      const content = readFileSync(join(directory, name));
      return {
        name,
        path: `/etc/icsp.d/${name}`,
        type: 'file' as const,
        content,
        digest: digest(content),
        findings: [],
      };
    });
  const policies = acceptPolicies({
    directories: [{ path: '/etc/icsp.d', state: 'listed', entries, findings: [] }],
    lastAccepted: new Map(),
    now: '2026-01-01T00:00:00.000Z',
  });
  const baseline = join(tree, 'baseline.conf');
  const version = join(tree, 'crio-version');
  const rendering = makeRendering({
    content: policies.content,
    baseline: existsSync(baseline) ? readFileSync(baseline) : null,
    baselinePath: '/etc/icspd/baseline.conf',
    inSystem: { baseline: '/etc/icspd/baseline.conf', registriesConf: defaultSettings.registriesConf },
    contentHosts: defaultSettings.contentHosts,
    isFileRequired: false,
    crioVersion: existsSync(version) ? readFileSync(version, 'utf8').trim() : null,
    digest,
  });
  const findings = [...policies.findings, ...rendering.findings].map(
    (finding) => `${describeFinding(finding)}\n  help: ${finding.help}\n`,
  );
  return {
    'expected.conf': rendering.bytes === null ? '' : new TextDecoder().decode(rendering.bytes),
    'expected.findings': findings.join(''),
  };
}
