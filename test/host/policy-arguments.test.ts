import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readPolicyArguments } from '../../src/host/policy-arguments.ts';

const directory = mkdtempSync(join(tmpdir(), 'icspd-arguments-'));
writeFileSync(join(directory, 'a.yaml'), 'a');
writeFileSync(join(directory, 'b.yaml'), 'b', { mode: 0o600 });
test.after.always(() => rmSync(directory, { recursive: true }));

const texts = (names: readonly string[]): readonly (readonly [string, string | null])[] =>
  readPolicyArguments(names)
    .flatMap(({ entries }) => entries)
    .map(({ name, content }) => [name, content === null ? null : new TextDecoder().decode(content)]);

test.serial('a directory is read whole, a file alone', (t) => {
  t.deepEqual(texts([directory]), [
    ['a.yaml', 'a'],
    ['b.yaml', 'b'],
  ]);
  t.deepEqual(texts([join(directory, 'b.yaml')]), [['b.yaml', 'b']]);
});

test.serial('what is not there is a finding', (t) => {
  const [listing] = readPolicyArguments([join(directory, 'none.yaml')]);
  t.is(listing?.state, 'unreadable');
  t.is(listing?.findings[0]?.id, 'ICSP002');
});

test.serial('who can write to a file that is only checked is no error', (t) => {
  chmodSync(join(directory, 'a.yaml'), 0o666);
  const [listing] = readPolicyArguments([join(directory, 'a.yaml')]);
  t.deepEqual(
    listing?.entries[0]?.findings.map(({ severity }) => severity),
    ['warning'],
  );
});
