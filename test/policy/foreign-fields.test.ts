// A field of one kind below another is told where it belongs, for every pair of kinds and versions of the table.
import test from 'ava';
import { FINDINGS } from '../../src/finding.ts';
import { registrySourceFields } from '../../src/policy/image-config.ts';
import { kinds } from '../../src/policy/kinds.ts';
import { document, read } from './reading.ts';

const versions = kinds.flatMap(({ kind, group, versions: all }) =>
  Object.entries(all).map(([version, { fields }]) => ({ kind, apiVersion: `${group}/${version}`, fields })),
);

for (const { kind, apiVersion, fields } of versions) {
  test(`${apiVersion} ${kind} has its own fields: ${fields.join()}`, (t) => {
    const spec = fields.map((field) => `${field}: null`).join('\n');
    t.deepEqual(read(document(apiVersion, kind, spec, 'cluster')).findings, []);
  });

  for (const owner of versions) {
    for (const field of owner.fields.filter((name) => !fields.includes(name))) {
      test(`${field} of ${owner.apiVersion} ${owner.kind} does not belong to ${apiVersion} ${kind}`, (t) => {
        const { findings } = read(document(apiVersion, kind, `${field}: null`, 'cluster'));
        t.deepEqual(
          findings.map(({ id }) => id),
          [FINDINGS.fieldOfOtherKind.id],
        );
        const [{ message, help } = { message: '', help: '' }] = findings;
        // Another version of the same kind is nearer than another kind.
        const sibling = versions.find((each) => each.kind === kind && each.fields.includes(field));
        if (sibling === undefined) t.true(message.includes(owner.kind), message);
        else t.true(help.endsWith(`write apiVersion: ${sibling.apiVersion}`), help);
        const [, renamed] = /^rename it to (\w+)/.exec(help) ?? [];
        t.true(renamed === undefined || fields.includes(renamed), help);
      });
    }
  }

  for (const field of registrySourceFields) {
    test(`${field} does not belong directly into the spec of ${apiVersion} ${kind}`, (t) => {
      const { findings } = read(document(apiVersion, kind, `${field}: []`, 'cluster'));
      t.like(findings, { length: 1, 0: { id: FINDINGS.fieldOfOtherKind.id } });
      t.true(findings[0]?.message.includes('spec.registrySources'));
    });
  }
}
