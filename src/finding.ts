// Findings: everything icspd has to tell the operator has a stable id, a place, one sentence and one remedy.
import { escape } from './escape.ts';
import type { Place } from './origin.ts';

export type Severity = 'error' | 'warning' | 'notice';

interface Entry {
  readonly id: `ICSP${number}`;
  readonly severity: Severity;
  /** What the id stands for, in general; the manual prints it. */
  readonly title: string;
}

/**
 * The one table of ids. An id is never reused and never changes its meaning. 0xx: policy files, 1xx: composition,
 * 2xx: registries.conf and its relatives, 3xx: the agent and the host, 4xx: settings.
 */
export const FINDINGS = {
  // 0xx: policy files
  untrustedFile: { id: 'ICSP001', severity: 'error', title: 'someone other than root can change the file' },
  unreadableFile: { id: 'ICSP002', severity: 'error', title: 'the file cannot be read' },
  fileTooLarge: { id: 'ICSP003', severity: 'error', title: 'the file is larger than 1 MiB' },
  notUtf8: { id: 'ICSP004', severity: 'error', title: 'the file is not UTF-8' },
  yamlSyntax: { id: 'ICSP005', severity: 'error', title: 'the file is not valid YAML or JSON' },
  tooManyEntries: { id: 'ICSP006', severity: 'error', title: 'the file has more than 10 000 entries' },
  aliasExpansion: { id: 'ICSP007', severity: 'error', title: 'the aliases of the file expand too far' },
  ignoredFile: { id: 'ICSP008', severity: 'notice', title: 'the file does not count as a policy file' },
  standingIn: {
    id: 'ICSP009',
    severity: 'warning',
    title: 'the last accepted content of a refused file stays in force',
  },
  notAnObject: { id: 'ICSP010', severity: 'error', title: 'the document is not a Kubernetes object' },
  otherKind: { id: 'ICSP011', severity: 'notice', title: 'documents of other kinds are skipped' },
  unsupportedVersion: {
    id: 'ICSP012',
    severity: 'error',
    title: 'the kind is known, but not in this apiVersion',
  },
  wrongGroup: { id: 'ICSP013', severity: 'error', title: 'the kind belongs to another API group' },
  installConfigFragment: {
    id: 'ICSP014',
    severity: 'error',
    title: 'the document is a fragment of an install-config',
  },
  bareMirrorList: {
    id: 'ICSP015',
    severity: 'error',
    title: 'the document is a bare list of sources and mirrors',
  },
  missingField: { id: 'ICSP016', severity: 'error', title: 'a required field is missing' },
  unknownField: { id: 'ICSP017', severity: 'error', title: 'the field is not known' },
  wrongType: { id: 'ICSP018', severity: 'error', title: 'the value has the wrong type' },
  fieldOfOtherKind: {
    id: 'ICSP019',
    severity: 'error',
    title: 'the field belongs to another kind or version',
  },
  sourceInBothLists: { id: 'ICSP020', severity: 'error', title: 'both lists of one object name the source' },
  duplicateSource: {
    id: 'ICSP021',
    severity: 'error',
    title: 'an ImageContentPolicy names the source twice',
  },
  allowedAndBlocked: {
    id: 'ICSP022',
    severity: 'error',
    title: 'allowedRegistries and blockedRegistries exclude each other',
  },
  allowedNotApplied: { id: 'ICSP023', severity: 'warning', title: 'allowedRegistries is not applied' },
  imageNotCluster: {
    id: 'ICSP024',
    severity: 'notice',
    title: 'an Image that is not named cluster is skipped',
  },
  imageFieldIgnored: {
    id: 'ICSP025',
    severity: 'notice',
    title: 'fields of an Image other than registrySources are ignored',
  },
  unknownValue: { id: 'ICSP026', severity: 'error', title: 'the value is not one of the allowed ones' },
  badRepository: { id: 'ICSP030', severity: 'error', title: 'the source or mirror is not a repository' },
  hasScheme: { id: 'ICSP031', severity: 'error', title: 'the source or mirror has a URL scheme' },
  hasTag: { id: 'ICSP032', severity: 'error', title: 'the source or mirror has a tag' },
  hasDigest: { id: 'ICSP033', severity: 'error', title: 'the source or mirror has a digest' },
  badSlash: {
    id: 'ICSP034',
    severity: 'error',
    title: 'the source or mirror has a leading, double or trailing slash',
  },
  upperCasePath: {
    id: 'ICSP035',
    severity: 'error',
    title: 'the path of the source or mirror has upper-case letters',
  },
  hasSpace: {
    id: 'ICSP036',
    severity: 'error',
    title: 'the source or mirror has white space or a control character',
  },
  isIpv6: { id: 'ICSP037', severity: 'error', title: 'IPv6 addresses cannot be sources or mirrors' },
  badWildcard: { id: 'ICSP038', severity: 'error', title: 'the wildcard is not of the form *.example.com' },
  underscoreInHost: { id: 'ICSP039', severity: 'error', title: 'the host name has an underscore' },
  repositoryTooLong: {
    id: 'ICSP040',
    severity: 'error',
    title: 'the source or mirror is longer than 256 characters',
  },
  sourceNeverMatches: { id: 'ICSP041', severity: 'warning', title: 'no image can ever match the source' },
  mirrorNotCanonical: {
    id: 'ICSP042',
    severity: 'error',
    title: 'the mirror cannot make a valid image reference',
  },
  portOutOfRange: { id: 'ICSP043', severity: 'warning', title: 'the port is above 65535' },
  badScope: { id: 'ICSP044', severity: 'error', title: 'the entry of registrySources is not a scope' },
  manyMirrors: { id: 'ICSP045', severity: 'warning', title: 'a source has more than 8 mirrors' },
  tooManyMirrors: { id: 'ICSP046', severity: 'error', title: 'an entry has more than 32 mirrors' },
  // 1xx: composition
  // 2xx: registries.conf
  // 3xx: agent and host
  ioFailed: { id: 'ICSP300', severity: 'error', title: 'the disk or the file system reports an error' },
  diskFull: { id: 'ICSP301', severity: 'error', title: 'no space, no inodes or no quota is left' },
  readOnlyFileSystem: { id: 'ICSP302', severity: 'error', title: 'the file system is read-only' },
  accessDenied: { id: 'ICSP303', severity: 'error', title: 'access to a path is denied' },
  pathMissing: { id: 'ICSP304', severity: 'error', title: 'a file or directory is missing' },
  pathUnusable: { id: 'ICSP305', severity: 'error', title: 'something on a path is not what it has to be' },
  pathEscapesRoot: { id: 'ICSP306', severity: 'error', title: 'a path leads out of the directory of --root' },
  fileKeepsChanging: { id: 'ICSP307', severity: 'error', title: 'a file changes while it is read' },
  untrustedInput: {
    id: 'ICSP308',
    severity: 'warning',
    title: 'someone other than root can change the file; a node would refuse it',
  },
  policyDirUnreadable: {
    id: 'ICSP309',
    severity: 'error',
    title: 'the policy directory cannot be listed, or not be trusted',
  },
  targetUnreadable: { id: 'ICSP310', severity: 'error', title: 'registries.conf cannot be read' },
  targetNotRegular: { id: 'ICSP311', severity: 'error', title: 'registries.conf is not a regular file' },
  targetLeavesDirectory: {
    id: 'ICSP312',
    severity: 'error',
    title: 'registries.conf is a link that leads out of /etc/containers',
  },
  targetNotOwned: { id: 'ICSP313', severity: 'error', title: 'registries.conf does not belong to root' },
  targetHardLinked: {
    id: 'ICSP314',
    severity: 'error',
    title: 'registries.conf has names that icspd does not know',
  },
  targetBindMounted: { id: 'ICSP315', severity: 'error', title: 'registries.conf is a mount point' },
  targetImmutable: {
    id: 'ICSP316',
    severity: 'error',
    title: 'registries.conf or its directory is immutable',
  },
  targetWritableByOthers: {
    id: 'ICSP317',
    severity: 'warning',
    title: 'others than root can write registries.conf',
  },
  attributesNotCopied: {
    id: 'ICSP318',
    severity: 'error',
    title: 'owner, mode or attributes of the old file cannot be copied',
  },
  readBackDiffers: { id: 'ICSP319', severity: 'error', title: 'what was written does not read back the same' },
  nothingToTakeBack: { id: 'ICSP320', severity: 'error', title: 'the old registries.conf is no longer kept' },
  baselineUnusable: { id: 'ICSP321', severity: 'error', title: 'the baseline cannot be read or trusted' },
  baselineExists: { id: 'ICSP322', severity: 'error', title: 'there is a baseline already' },
  untrustedState: {
    id: 'ICSP323',
    severity: 'error',
    title: 'someone other than root can change the state of icspd',
  },
  lockHeld: { id: 'ICSP324', severity: 'error', title: 'another icspd holds the lock' },
  lockFailed: { id: 'ICSP325', severity: 'error', title: 'the lock cannot be taken' },
  dropInUnreadable: { id: 'ICSP326', severity: 'error', title: 'a file of registries.conf.d cannot be read' },
  driftEdited: { id: 'ICSP380', severity: 'error', title: 'registries.conf was edited by hand' },
  driftReplaced: { id: 'ICSP381', severity: 'error', title: 'registries.conf was replaced by someone' },
  baselineMissing: { id: 'ICSP382', severity: 'error', title: 'registries.conf is a rendering of icspd, but its baseline is missing' },
  baselineRefused: { id: 'ICSP383', severity: 'error', title: 'the baseline is not a registries.conf that CRI-O would accept' },
  renderingRefused: { id: 'ICSP384', severity: 'error', title: 'the rendering failed its own check; a defect of icspd' },
  notRewritten: { id: 'ICSP385', severity: 'notice', title: 'registries.conf differs from the rendering in comments or order only' },
  putBack: { id: 'ICSP386', severity: 'warning', title: 'registries.conf was missing or empty and is put back' },
  rewound: { id: 'ICSP387', severity: 'notice', title: 'registries.conf is another rendering of icspd' },
  pinned: { id: 'ICSP388', severity: 'notice', title: 'the operator holds a configuration' },
  pinnedTextLost: { id: 'ICSP389', severity: 'error', title: 'the text that the operator holds is gone' },
  refusedBefore: { id: 'ICSP390', severity: 'error', title: 'CRI-O refused this rendering before' },
  observing: { id: 'ICSP391', severity: 'notice', title: 'changes wait because of the setting apply' },
  dropInRefused: { id: 'ICSP392', severity: 'error', title: 'a drop-in of somebody else is not valid' },
  mcoNode: { id: 'ICSP393', severity: 'error', title: 'the Machine Config Operator owns registries.conf on this node' },
  crioVersionUnknown: { id: 'ICSP394', severity: 'notice', title: 'the version of CRI-O is not known' },
  internalError: { id: 'ICSP399', severity: 'error', title: 'a defect of icspd' },
  stateUnreadable: { id: 'ICSP395', severity: 'error', title: 'the state of icspd cannot be read' },
  commandNotStarted: { id: 'ICSP340', severity: 'error', title: 'a command of the host cannot be started' },
  commandTimedOut: { id: 'ICSP341', severity: 'error', title: 'a command of the host did not end in time' },
  // 4xx: settings
  settingsSyntax: { id: 'ICSP401', severity: 'error', title: 'icspd.conf is not valid TOML' },
  unknownSetting: { id: 'ICSP402', severity: 'warning', title: 'icspd.conf has a setting that this version does not know' },
  badSetting: { id: 'ICSP403', severity: 'error', title: 'a setting has a value that it cannot have' },
  settingsUnreadable: { id: 'ICSP404', severity: 'error', title: 'icspd.conf cannot be read or trusted' },
} as const satisfies Readonly<Record<string, Entry>>;

export type FindingName = keyof typeof FINDINGS;

/** One thing to tell the operator. `file`, `line` and `column` as in a compiler's message; `help` is the remedy. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly help: string;
  /** The source line, for the terminal's caret only; never part of JSON. */
  readonly excerpt: string | null;
}

/**
 * Makes a finding of the named entry of the table.
 * @param at where; null where no file is to blame
 * @param message one sentence with the values at hand, no full stop; raw, the renderer escapes it
 * @param help one remedy, an imperative sentence or a command
 */
export function finding(name: FindingName, at: Place | null, message: string, help: string): Finding {
  const { id, severity } = FINDINGS[name];
  return {
    id,
    severity,
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    message,
    help,
    excerpt: at?.excerpt ?? null,
  };
}

/** Whether any of the findings is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** The finding on one line, like a compiler's: `FILE:LINE:COLUMN: severity ID: message`. */
export function describeFinding({ file, line, column, severity, id, message }: Finding): string {
  const place = [file === null ? null : escape(file), line, column].filter((part) => part !== null).join(':');
  return `${place === '' ? 'icspd' : place}: ${severity} ${id}: ${message}`;
}
