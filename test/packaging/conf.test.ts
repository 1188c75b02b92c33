// The icspd.conf that is shipped says what the defaults are, and changes none of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { settingNames } from '../../src/config-schema.ts';
import { defaultSettings, readSettings } from '../../src/config.ts';

const text = readFileSync(join(import.meta.dirname, '../../packaging/icspd.conf'), 'utf8');
const name = 'icspd.conf';

test('as it is shipped it says nothing', async (t) => {
  t.true(text.split('\n').every((line) => line === '' || line.startsWith('#')));
  t.deepEqual(await readSettings(text, name), { settings: defaultSettings, findings: [] });
});

test('each line without its # is a setting, and all of them are the defaults', async (t) => {
  const { settings, findings } = await readSettings(text.replace(/^#(?=\S)/gm, ''), name);
  t.deepEqual(findings, []);
  // Two have no default that could be written down: CRI-O and MicroShift are asked.
  const asked = { mustPull: ['registry.k8s.io/pause:3.10'], assumeCrioVersion: '1.33' };
  t.deepEqual(settings, { ...defaultSettings, ...asked });
});

test('no setting is left out', (t) => {
  const shown = [...text.matchAll(/^#([a-z.-]+) = /gm)].map(([, key]) => key);
  t.deepEqual(shown.sort(), [...settingNames].sort());
});
