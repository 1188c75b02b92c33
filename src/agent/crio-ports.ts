// What the agent needs of CRI-O: its unit, its version, its journal, and where it looks for its registries. As in ports.ts.

/** The state of CRI-O's unit, from `systemctl show`. */
export interface UnitState {
  readonly isFound: boolean;
  /** ActiveState: active, reloading, inactive, failed, activating, deactivating. */
  readonly active: string;
  /** The main process, or the last one if it has ended; 0 before the first. */
  readonly mainPid: number;
  /** ExecMainStartTimestamp, when that process began, in ms since the epoch; 0 before the first. */
  readonly mainStartedAtMs: number;
  /** The same by the clock that nobody sets, as in Clock; null where systemd does not tell. */
  readonly mainStartedMonotonicUs: number | null;
  /** InactiveExitTimestamp in ms since the epoch; 0 if the unit never started. */
  readonly startedAtMs: number;
  /** As mainStartedMonotonicUs. */
  readonly startedMonotonicUs: number | null;
}

/** One line that a unit wrote. `priority` as in syslog(3). */
export interface JournalLine {
  readonly message: string;
  readonly pid: number;
  readonly transport: string;
  readonly priority: number;
}

/** A point in the journal from which lines count. */
export interface JournalReader {
  /** Yields the unit's lines after the point; ends when `signal` aborts. */
  follow(signal: AbortSignal): AsyncIterable<JournalLine>;
}

export interface Crio {
  unit(): Promise<UnitState>;
  /** The version of the binary that the unit starts, such as `1.36.3`; null if there is none to ask. */
  version(): Promise<string | null>;
  /** `systemctl reload`; throws HostError if the command fails or `timeoutMs` passes. */
  reload(timeoutMs: number): Promise<void>;
  /** Where CRI-O looks for registries.conf, if not just in /etc/containers; null also if that cannot be found out. */
  conf(): Promise<CrioConf | null>;
  /** A reader that stands at the journal's end now; null if journald does not answer. */
  journal(): Promise<JournalReader | null>;
  /** The last lines of the unit's main process, oldest first; none if journald does not answer. */
  lastWords(unit: UnitState): Promise<readonly JournalLine[]>;
}

/** Where CRI-O looks for its registries, where that is not just /etc/containers. */
export interface CrioConf {
  readonly main: OtherConf | null;
  /** The directory of drop-ins that it was told to read in place of all others. */
  readonly dropInDirectory: string | null;
  /** Of the user that it runs as: `.config/containers` in it may hold files of its own. */
  readonly home: string;
}

/** A registries.conf that CRI-O was told to read (`isTold`), or that takes over because it is in its home directory. */
export interface OtherConf {
  readonly path: string;
  readonly isTold: boolean;
}
