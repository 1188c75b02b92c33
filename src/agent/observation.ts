// Everything that a decision rests on, read once per reconcile. After this nothing is read until the plan is executed.
import type { Settings } from '../config.ts';
import type { Paths } from '../paths.ts';
import { acceptPolicies, type Acceptance } from '../policy/accept.ts';
import type { FileFacts, PolicyDirectory } from '../policy/drop-ins.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { unseal } from '../registries/seal.ts';
import {
  acceptedHere,
  findOtherEtc,
  gonePolicies,
  isHeldHere,
  type EtcSigns,
  type OtherEtc,
} from './booted-etc.ts';
import type { CrioConf } from './crio-ports.ts';
import type { Baseline, Host, NeededImages, RegistryLogins, TargetState } from './ports.ts';
import type { ReadingCache } from './reading-cache.ts';
import type { GenerationRecord, Pin } from './record.ts';

export interface Observation {
  readonly now: Date;
  readonly policies: Acceptance;
  /** Owner, mode and times of the policy files that were read, by path. */
  readonly policyFacts: ReadonlyMap<string, FileFacts>;
  readonly baseline: Baseline;
  readonly target: TargetState;
  readonly dropIns: ReturnType<Host['dropIns']['read']>;
  /** The generation that was last put in force, and its text (null: it was no file, or the text is lost). */
  readonly current: GenerationRecord | null;
  readonly currentBytes: Uint8Array | null;
  /** Newest first, each read when somebody gets to it: there can be thousands. */
  readonly history: Iterable<GenerationRecord>;
  /** The newest generation with the text of that digest; null if there is none. */
  readonly newestOf: (digest: string | null) => GenerationRecord | null;
  readonly pin: Pin | null;
  readonly pinnedBytes: Uint8Array | null;
  readonly crioVersion: string | null;
  /** Null: not known. */
  readonly crioConf: CrioConf | null;
  readonly isMcoNode: boolean;
  /** What must stay pullable, and why that is not known where it is not. */
  readonly needed: NeededImages;
  /** What CRI-O has credentials for; null: not known. */
  readonly logins: RegistryLogins | null;
  /** As in Host. */
  readonly deployment: string | null;
  /** Not null: /etc is another one than before; `gone` are the policy files that were accepted there and are not here. */
  readonly otherEtc: (OtherEtc & { readonly gone: readonly string[] }) | null;
}

/**
 * Reads the whole desired and the whole actual state. Throws HostError where the state directory cannot be read.
 * @param orders the hold that counts, where it is not the one that is stored; policy files that are left out
 */
export async function observe(
  host: Host,
  settings: Settings,
  readings: ReadingCache,
  orders: { readonly pin?: Pin | null; readonly without?: readonly string[] } = {},
): Promise<Observation> {
  const { pin = host.pin.read(), without = [] } = orders;
  const now = host.clock.now();
  const crioConf = (await host.crio?.conf()) ?? null;
  const signs = readEtcSigns(host);
  const { target, baseline, current } = signs;
  const otherEtc = findOtherEtc(signs);
  const { files: lastAccepted, damage } = host.accepted.read();
  const directories = host.readPolicies();
  const policies = acceptPolicies({
    directories,
    lastAccepted: acceptedHere(lastAccepted, isHeldHere(pin, signs) ? null : otherEtc),
    now: now.toISOString(),
    read: readings(),
    without,
  });
  return {
    now,
    policies: damage === null ? policies : { ...policies, findings: [damage, ...policies.findings] },
    policyFacts: collectFacts(directories),
    baseline,
    target,
    dropIns: host.dropIns.read(crioConf?.dropInDirectory ?? null),
    current,
    currentBytes: textOf(host, current?.digest ?? null),
    history: { [Symbol.iterator]: () => host.generations.walk() },
    newestOf: (digest) => host.generations.newestOf(digest),
    pin,
    pinnedBytes: textOf(host, pin?.digest ?? null),
    crioVersion: settings.assumeCrioVersion ?? (await host.crio?.version()) ?? current?.crioVersion ?? null,
    crioConf,
    isMcoNode: host.isMcoNode(),
    needed:
      settings.mustPull === null
        ? host.readNeededImages()
        : { images: settings.mustPull.map((image) => ({ image, by: 'must-pull' })), findings: [] },
    logins: host.readRegistryLogins(),
    deployment: host.deployment,
    otherEtc: otherEtc === null ? null : { ...otherEtc, gone: gonePolicies(lastAccepted, policies.files) },
  };
}

function collectFacts(directories: readonly PolicyDirectory[]): ReadonlyMap<string, FileFacts> {
  const entries = directories.flatMap((directory) => directory.entries);
  return new Map(entries.flatMap(({ path, facts = null }) => (facts === null ? [] : [[path, facts]])));
}

/** Reads what tells whether /etc is another one than before. Throws HostError. */
export function readEtcSigns(host: Host): EtcSigns {
  return {
    current: host.generations.current(),
    baseline: host.baseline.read(),
    target: host.target.read(),
    newestOf: (digest) => host.generations.newestOf(digest),
    digest: (text) => host.digest(text),
  };
}

function textOf(host: Host, digest: string | null): Uint8Array | null {
  return digest === null ? null : host.generations.text(digest);
}

/** The configuration that registries.conf holds now; empty where there is none or it cannot be read. */
export function confOnDisk(seen: Observation, paths: Paths): RegistriesConf {
  if (seen.target.state !== 'file') return emptyConf;
  return parseRegistriesConf(seen.target.file.bytes, paths.registriesConf).conf ?? emptyConf;
}

/** sha256 of registries.conf as it was seen; null where there is none. */
export function digestOnDisk({ target }: Pick<Observation, 'target'>): string | null {
  return target.state === 'file' ? target.file.digest : null;
}

/** The captured baseline, or on first contact the file that would become it. */
export function baselineBytes(seen: Observation): Uint8Array | null {
  if (seen.baseline.state === 'captured') return seen.baseline.file.bytes;
  if (seen.baseline.state !== 'none' || seen.target.state !== 'file') return null;
  const { bytes } = seen.target.file;
  // A rendering of ours is nobody's own file, though its baseline is missing.
  return unseal(new TextDecoder().decode(bytes)) === null ? bytes : null;
}
