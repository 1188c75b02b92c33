// Whether the policies or an operator's pin say what should be on disk. PURE.
import { finding, type Finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { wholeFile } from '../origin.ts';
import type { Paths } from '../paths.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { acceptableConf } from './acceptable-conf.ts';
import { isHeldHere } from './booted-etc.ts';
import type { Observation } from './observation.ts';
import { isUnderstood } from './pull-kinds.ts';
import type { Rendering } from './rendering.ts';
import type { Pin } from './record.ts';

/** What should be on disk. `pin` is the pin in force; `dropPin` says why a pin that was found no longer holds. */
export interface Wanted {
  readonly bytes: Uint8Array | null;
  readonly digest: string | null;
  readonly conf: RegistriesConf;
  readonly searchOrigins: Rendering['searchOrigins'];
  readonly isUsable: boolean;
  readonly pin: Pin | null;
  readonly dropPin: EndOfPin | null;
  readonly findings: readonly Finding[];
}

/** Why a pin ends without an order to end it. */
export type EndOfPin = 'expired' | 'other deployment' | 'rewound';

/** A pin wins over the rendering until it ends, or until the OS went to another deployment (`rewound`). */
export function choosePin(seen: Observation, rendering: Rendering, paths: Paths): Wanted {
  const { bytes, digest, conf, searchOrigins, isUsable } = rendering;
  const { pin } = seen;
  const dropPin = pin === null ? null : (endOfPin(pin, seen) ?? endByDisk(pin, seen));
  if (pin === null || dropPin !== null) {
    return { bytes, digest, conf, searchOrigins, isUsable, pin: null, dropPin, findings: [] };
  }
  return { ...pinned(pin, seen, paths), digest: pin.digest, searchOrigins: [], pin, dropPin: null };
}

/** Its time is over, or the OS went to another deployment than the one that it was given for. */
export function endOfPin(
  { until, deployment }: Pin,
  seen: Pick<Observation, 'now' | 'deployment'>,
): 'expired' | 'other deployment' | null {
  if (until !== null && Date.parse(until) <= seen.now.getTime()) return 'expired';
  const isOther = deployment !== null && seen.deployment !== null && deployment !== seen.deployment;
  return isOther ? 'other deployment' : null;
}

/** The files are of another deployment, also where nothing else tells: the pin was not given for it. */
function endByDisk(pin: Pin, seen: Observation): 'rewound' | null {
  return seen.otherEtc === null || isHeldHere(pin, seen) ? null : 'rewound';
}

function pinned(
  pin: Pin,
  seen: Observation,
  paths: Paths,
): Pick<Wanted, 'bytes' | 'conf' | 'isUsable' | 'findings'> {
  const held = finding(
    'pinned',
    null,
    `an operator holds ${describeHeld(pin)} since ${pin.since}: ${quote(pin.reason)}`,
    'run icspd resume to follow the policies again',
  );
  if (pin.digest === null) return { bytes: null, conf: emptyConf, isUsable: true, findings: [held] };
  const bytes = seen.pinnedBytes ?? textAtHand(seen, pin.digest);
  const conf = bytes === null ? null : acceptableConf(bytes, paths.registriesConf);
  if (conf === null) {
    const lost = finding(
      'pinnedTextLost',
      wholeFile(paths.schemaDir),
      'the text that the pin holds is gone or no longer valid; registries.conf stays as it is',
      'run icspd resume to follow the policies again',
    );
    return { bytes: null, conf: emptyConf, isUsable: false, findings: [held, lost] };
  }
  if (isUnderstood(conf, seen.crioVersion)) return { bytes, conf, isUsable: true, findings: [held] };
  const tooOld = finding(
    'pinNeedsNewer',
    null,
    `${describeHeld(pin)} needs pull-from-mirror, which CRI-O ${quote(seen.crioVersion ?? '')} ignores; it is not written`,
    'run icspd resume to have the policies put into words of this CRI-O, or update CRI-O to 1.25 or newer',
  );
  return { bytes: null, conf: emptyConf, isUsable: false, findings: [held, tooOld] };
}

/** The operator's word for what a pin holds. */
export function describeHeld({ generation }: Pick<Pin, 'generation'>): string {
  return generation === null ? 'the baseline' : `generation ${generation}`;
}

/** The text of that digest outside of the history: the baseline, or what is on disk. */
function textAtHand({ baseline, target }: Observation, digest: string): Uint8Array | null {
  const captured = baseline.state === 'captured' ? baseline.file : null;
  const onDisk = target.state === 'file' ? target.file : null;
  return [captured, onDisk].find((file) => file?.digest === digest)?.bytes ?? null;
}
