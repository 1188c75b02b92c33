// What the pin promises.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Pin } from '../../src/agent/record.ts';
import { HostError } from '../../src/host-error.ts';
import { openPin } from '../../src/host/pin.ts';
import { emptyState } from './state.ts';

const pin: Pin = {
  digest: null,
  generation: 7,
  reason: 'the mirror is down',
  actor: { uid: 0, loginUid: null, tty: null, command: 'icspd restore 7' },
  since: '2030-01-01T00:00:00.000Z',
  until: '2030-01-01T08:00:00.000Z',
  deployment: null,
};

test('There is no pin before one is set, and clearing it then does nothing', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openPin(paths, trust);
  t.is(store.read(), null);
  t.notThrows(() => store.clear());
});

test('A pin is read back by another process, until it is cleared', (t) => {
  const { paths, trust } = emptyState(t);
  openPin(paths, trust).write(pin);
  t.deepEqual(openPin(paths, trust).read(), pin);
  openPin(paths, trust).clear();
  t.is(openPin(paths, trust).read(), null);
  t.deepEqual(readdirSync(paths.schemaDir), []);
});

for (const content of ['', 'x', '{}', '[]', JSON.stringify({ ...pin, digest: 'short' })]) {
  test(`A pin that reads ${JSON.stringify(content.slice(0, 20))} is an error, not the absence of one, and can be cleared`, (t) => {
    const { paths, trust } = emptyState(t);
    const store = openPin(paths, trust);
    store.write(pin);
    writeFileSync(join(paths.schemaDir, 'pin.json'), content);
    t.throws(() => store.read(), { instanceOf: HostError });
    store.clear();
    t.is(store.read(), null);
  });
}

test('A pin without a deployment, as an older icspd wrote it, and one with keys of a newer one, are obeyed', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openPin(paths, trust);
  store.write(pin);
  const { deployment, ...older } = pin;
  writeFileSync(join(paths.schemaDir, 'pin.json'), JSON.stringify({ ...older, wave: 2 }));
  t.deepEqual(store.read(), Object.assign({ ...older, wave: 2 }, { deployment }));
});
