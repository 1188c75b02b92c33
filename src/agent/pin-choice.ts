// Whether the policies or an operator's pin say what should be on disk. PURE.
import { finding, type Finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { wholeFile } from '../origin.ts';
import type { Paths } from '../paths.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { DiskState } from './disk-state.ts';
import type { Observation } from './observation.ts';
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
  readonly dropPin: 'expired' | 'rewound' | null;
  readonly findings: readonly Finding[];
}

/** A pin wins over the rendering until it ends, or until the OS went to another deployment (`rewound`). */
export function choosePin(seen: Observation, rendering: Rendering, disk: DiskState, paths: Paths): Wanted {
  const { bytes, digest, conf, searchOrigins, isUsable } = rendering;
  const { pin } = seen;
  const dropPin = pin === null ? null : endOfPin(pin, seen.now, disk, seen);
  if (pin === null || dropPin !== null) {
    return { bytes, digest, conf, searchOrigins, isUsable, pin: null, dropPin, findings: [] };
  }
  return { ...pinned(pin, seen, paths), digest: pin.digest, searchOrigins: [], pin, dropPin: null };
}

function endOfPin(pin: Pin, now: Date, disk: DiskState, seen: Observation): 'expired' | 'rewound' | null {
  if (isOver(pin, now)) return 'expired';
  const onDisk = seen.target.state === 'file' ? seen.target.file.digest : null;
  return disk === 'rewound' && onDisk !== pin.digest ? 'rewound' : null;
}

/** Whether the time of the hold is over. */
export function isOver({ until }: Pin, now: Date): boolean {
  return until !== null && Date.parse(until) <= now.getTime();
}

function pinned(
  pin: Pin,
  seen: Observation,
  paths: Paths,
): Pick<Wanted, 'bytes' | 'conf' | 'isUsable' | 'findings'> {
  const held = finding(
    'pinned',
    null,
    `an operator holds ${pin.generation === null ? 'the baseline' : `generation ${pin.generation}`} since ${pin.since}: ${quote(pin.reason)}`,
    'run icspd resume to follow the policies again',
  );
  if (pin.digest === null) return { bytes: null, conf: emptyConf, isUsable: true, findings: [held] };
  const bytes = seen.pinnedBytes ?? baselineText(seen, pin.digest);
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
  return { bytes, conf, isUsable: true, findings: [held] };
}

function baselineText(seen: Observation, digest: string): Uint8Array | null {
  return seen.baseline.state === 'captured' && seen.baseline.file.digest === digest
    ? seen.baseline.file.bytes
    : null;
}
