// The operator's order to hold a text, as v1/pin.json.
import type { PinStore } from '../agent/ports.ts';
import type { Pin } from '../agent/record.ts';
import { quote } from '../escape.ts';
import { HostError } from '../host-error.ts';
import { isActor } from './generation-record.ts';
import { has, isDigest, isInteger, isText, isTime, orMissing, orNull, parseJson } from './json-checks.ts';
import { openState, type StatePaths } from './state-dir.ts';
import type { Trust } from './trust.ts';

const name = 'pin.json';

const isValid = has({
  digest: orNull(isDigest),
  generation: orNull(isInteger),
  reason: isText,
  actor: isActor,
  since: isTime,
  until: orNull(isTime),
  deployment: orMissing(orNull(isText)),
});

/** Where the pin is, for who waits for an order. */
export function pinPath({ schemaDir }: Pick<StatePaths, 'schemaDir'>): string {
  return `${schemaDir}/${name}`;
}

/** Opens the pin. A pin that cannot be read is an error: to go on as if there were none would break the operator's order. */
export function openPin(paths: StatePaths, trust: Trust): PinStore {
  const state = openState(paths, trust);
  return {
    read() {
      const bytes = state.read(name);
      if (bytes === null) return null;
      const pin = parseJson(bytes);
      if (isPin(pin)) return { ...pin, deployment: pin.deployment ?? null };
      const path = pinPath(paths);
      const message = `the pin ${quote(path)} is damaged, so that nobody knows what is held, and nothing is written`;
      const help = 'give the order anew: icspd hold or icspd restore; or follow the policies: icspd resume';
      throw new HostError('stateUnreadable', message, help, { path });
    },
    write: (pin) => state.write(name, `${JSON.stringify(pin, null, 2)}\n`),
    clear: () => state.remove('.', [name]),
  };
}

/** Keys that a newer icspd put there stay; one that an older icspd did not know may be missing. */
function isPin(value: unknown): value is Omit<Pin, 'deployment'> & Partial<Pick<Pin, 'deployment'>> {
  return isValid(value);
}
