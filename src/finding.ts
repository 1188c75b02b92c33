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
  exactSourceFails: {
    id: 'ICSP047',
    severity: 'warning',
    title: 'the mirror cannot serve a pull of the source itself',
  },
  directoryUnavailable: {
    id: 'ICSP048',
    severity: 'error',
    title: 'a policy directory that contributed is missing or unreadable',
  },
  lastAcceptedUnreadable: {
    id: 'ICSP049',
    severity: 'error',
    title: 'this version cannot read the last accepted content of a file',
  },
  moreFindings: { id: 'ICSP050', severity: 'notice', title: 'further findings of the file are left out' },
  // 1xx: composition
  repeatedMirror: { id: 'ICSP100', severity: 'warning', title: 'a list names a mirror twice' },
  neverWithoutMirrors: {
    id: 'ICSP101',
    severity: 'warning',
    title: 'NeverContactSource has no effect without a mirror',
  },
  conflictingOrder: {
    id: 'ICSP102',
    severity: 'warning',
    title: 'entries order the mirrors of a source differently',
  },
  mirrorBeforeSource: {
    id: 'ICSP103',
    severity: 'warning',
    title: 'a mirror precedes a source that some list puts first',
  },
  alphabeticalOrder: {
    id: 'ICSP104',
    severity: 'warning',
    title: 'only the alphabet orders the mirrors of two files',
  },
  disagreeingSourcePolicy: {
    id: 'ICSP105',
    severity: 'warning',
    title: 'entries disagree on whether the source may be contacted',
  },
  neverListsSource: {
    id: 'ICSP106',
    severity: 'warning',
    title: 'an entry with NeverContactSource lists the source as a mirror',
  },
  neverLeavesPullsUnserved: {
    id: 'ICSP107',
    severity: 'warning',
    title: 'NeverContactSource leaves a kind of pull without any place to go',
  },
  neverInherited: {
    id: 'ICSP108',
    severity: 'warning',
    title: 'a source takes NeverContactSource from the source around it',
  },
  neverNotInherited: {
    id: 'ICSP109',
    severity: 'notice',
    title: 'a source may be contacted inside one that must not be',
  },
  mirrorNotInheritable: {
    id: 'ICSP110',
    severity: 'warning',
    title: 'a location of a broader scope cannot serve a nested one',
  },
  repeatedObject: { id: 'ICSP111', severity: 'notice', title: 'two objects have the same kind and name' },
  conflictingSearch: {
    id: 'ICSP112',
    severity: 'error',
    title: 'Image documents ask for different search registries',
  },
  mirrorIsBlocked: { id: 'ICSP113', severity: 'warning', title: 'a mirror lies in a blocked scope' },
  takesOver: {
    id: 'ICSP114',
    severity: 'warning',
    title: 'a new scope takes over part of the pulls of a broader source',
  },
  portBreaksPulls: {
    id: 'ICSP115',
    severity: 'warning',
    title: 'a bare host as source breaks the pulls of the host with a port',
  },
  portIsCarriedOver: {
    id: 'ICSP116',
    severity: 'notice',
    title: 'a bare host as source carries ports over to its mirrors',
  },
  manyMirrorsTogether: {
    id: 'ICSP117',
    severity: 'warning',
    title: 'the entries of a source have more than 8 mirrors together',
  },
  tagsMustNotMove: {
    id: 'ICSP118',
    severity: 'notice',
    title: 'the tags of a source have several endpoints',
  },
  tagMirrorRefused: {
    id: 'ICSP119',
    severity: 'error',
    title: '[content] hosts does not allow the tag mirror',
  },
  insecureRefused: {
    id: 'ICSP120',
    severity: 'error',
    title: '[content] hosts does not allow the insecure registry',
  },
  searchRefused: {
    id: 'ICSP121',
    severity: 'error',
    title: '[content] hosts does not allow the search registry',
  },
  wildcardWins: {
    id: 'ICSP122',
    severity: 'warning',
    title: 'a scope has no effect beside a wildcard of the same length',
  },
  blockedInVain: {
    id: 'ICSP123',
    severity: 'warning',
    title: 'a scope is blocked, but its pulls go to another name that is not',
  },
  sharedLocationBlocked: {
    id: 'ICSP124',
    severity: 'warning',
    title: 'a table is blocked since it shares its location with a blocked one',
  },
  sharedLocationInsecure: {
    id: 'ICSP125',
    severity: 'error',
    title: 'a scope cannot be insecure, since it shares its location with one that is not',
  },
  // 2xx: registries.conf
  confNotUtf8: { id: 'ICSP200', severity: 'error', title: 'registries.conf is not UTF-8' },
  confCharacter: {
    id: 'ICSP201',
    severity: 'error',
    title: 'registries.conf has a character that TOML forbids',
  },
  confSyntax: { id: 'ICSP202', severity: 'error', title: 'registries.conf is not valid TOML' },
  confNumber: { id: 'ICSP203', severity: 'error', title: 'an integer in registries.conf exceeds 64 bits' },
  confKeyCase: {
    id: 'ICSP204',
    severity: 'error',
    title: 'a key of registries.conf is spelled with other letters than ours',
  },
  confVersion1: {
    id: 'ICSP205',
    severity: 'error',
    title: 'registries.conf has tables of the old version 1',
  },
  confType: { id: 'ICSP206', severity: 'error', title: 'a value in registries.conf has the wrong type' },
  confUnknownKey: {
    id: 'ICSP207',
    severity: 'warning',
    title: 'a key of registries.conf is unknown to CRI-O',
  },
  confMisplacedKey: {
    id: 'ICSP208',
    severity: 'warning',
    title: 'a key of registries.conf stands in the wrong table',
  },
  confScheme: {
    id: 'ICSP210',
    severity: 'error',
    title: 'a location, prefix or search registry has a URL scheme',
  },
  confNoScope: { id: 'ICSP211', severity: 'error', title: 'a registry has neither location nor prefix' },
  confNoLocation: {
    id: 'ICSP212',
    severity: 'error',
    title: 'a registry without wildcard prefix has no location',
  },
  confPullOnRegistry: { id: 'ICSP213', severity: 'error', title: 'pull-from-mirror stands on a registry' },
  confNoMirrorLocation: { id: 'ICSP214', severity: 'error', title: 'a mirror has no location' },
  confPullTwice: {
    id: 'ICSP215',
    severity: 'error',
    title: 'mirror-by-digest-only and pull-from-mirror exclude each other',
  },
  confPullValue: { id: 'ICSP216', severity: 'error', title: 'pull-from-mirror has an unknown value' },
  confInsecureConflict: {
    id: 'ICSP217',
    severity: 'error',
    title: 'two registries of one location disagree about insecure',
  },
  confBlockedConflict: {
    id: 'ICSP218',
    severity: 'error',
    title: 'two registries of one location disagree about blocked',
  },
  confSearchEntry: { id: 'ICSP219', severity: 'error', title: 'a search registry is not a host' },
  confShortNameMode: { id: 'ICSP220', severity: 'error', title: 'short-name-mode has an unknown value' },
  confWildcard: {
    id: 'ICSP221',
    severity: 'error',
    title: 'a wildcard prefix is not of the form *.example.com',
  },
  confAlias: { id: 'ICSP222', severity: 'error', title: 'a short-name alias is not valid' },
  brokenLocation: {
    id: 'ICSP230',
    severity: 'error',
    title: 'a mirror from a policy breaks every pull of its source',
  },
  locationNotTrimmed: {
    id: 'ICSP231',
    severity: 'error',
    title: 'a location or scope from a policy ends with a slash',
  },
  sourceItselfBroken: {
    id: 'ICSP233',
    severity: 'warning',
    title: 'pulls of the source itself, not of what lies below it, fail',
  },
  unmatchableScope: { id: 'ICSP240', severity: 'warning', title: 'no image can ever match the registry' },
  duplicateScope: { id: 'ICSP241', severity: 'warning', title: 'a second registry for one scope is ignored' },
  blocksNothing: { id: 'ICSP242', severity: 'warning', title: 'blocked does not block the location' },
  confBrokenLocation: {
    id: 'ICSP243',
    severity: 'warning',
    title: 'a location in registries.conf breaks every pull of its scope',
  },
  scopeReplaced: { id: 'ICSP250', severity: 'warning', title: 'a drop-in replaces a registry' },
  searchReplaced: { id: 'ICSP251', severity: 'warning', title: 'a drop-in replaces the search registries' },
  renderingDiffers: {
    id: 'ICSP260',
    severity: 'error',
    title: 'the rendering does not say what was composed',
  },
  renderingNotAscii: {
    id: 'ICSP261',
    severity: 'error',
    title: 'the rendering has characters other than printable ASCII',
  },
  tagMirrorsNeedNewer: {
    id: 'ICSP270',
    severity: 'error',
    title: 'the installed CRI-O cannot restrict a mirror to tags',
  },
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
  readBackDiffers: {
    id: 'ICSP319',
    severity: 'error',
    title: 'what was written does not read back the same',
  },
  nothingToTakeBack: { id: 'ICSP320', severity: 'error', title: 'the old registries.conf is no longer kept' },
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
  baselineMissing: {
    id: 'ICSP382',
    severity: 'error',
    title: 'registries.conf is a rendering of icspd, but its baseline is missing',
  },
  baselineRefused: {
    id: 'ICSP383',
    severity: 'error',
    title: 'the baseline is not a registries.conf that CRI-O would accept',
  },
  renderingRefused: {
    id: 'ICSP384',
    severity: 'error',
    title: 'the rendering failed its own check; a defect of icspd',
  },
  notRewritten: {
    id: 'ICSP385',
    severity: 'notice',
    title: 'registries.conf differs from the rendering in comments or order only',
  },
  putBack: {
    id: 'ICSP386',
    severity: 'warning',
    title: 'registries.conf was missing or empty and is put back',
  },
  rewound: { id: 'ICSP387', severity: 'notice', title: 'registries.conf is another rendering of icspd' },
  pinned: { id: 'ICSP388', severity: 'notice', title: 'the operator holds a configuration' },
  pinnedTextLost: { id: 'ICSP389', severity: 'error', title: 'the text that the operator holds is gone' },
  refusedBefore: { id: 'ICSP390', severity: 'error', title: 'CRI-O refused this rendering before' },
  observing: { id: 'ICSP391', severity: 'notice', title: 'changes wait because of the setting apply' },
  dropInRefused: { id: 'ICSP392', severity: 'error', title: 'a drop-in of somebody else is not valid' },
  noProof: { id: 'ICSP396', severity: 'warning', title: 'CRI-O did not say that it applied the file' },
  crioRefused: { id: 'ICSP397', severity: 'error', title: 'CRI-O refused the file' },
  crioBlocked: {
    id: 'ICSP398',
    severity: 'error',
    title: 'something other than registries.conf keeps CRI-O from reloading',
  },
  stateNotRead: {
    id: 'ICSP379',
    severity: 'warning',
    title: 'the state of icspd is not readable for this user',
  },
  mainFileShadowed: {
    id: 'ICSP378',
    severity: 'warning',
    title: 'a registries.conf in the home directory takes over',
  },
  mcoNode: {
    id: 'ICSP393',
    severity: 'error',
    title: 'the Machine Config Operator owns registries.conf on this node',
  },
  crioVersionUnknown: { id: 'ICSP394', severity: 'notice', title: 'the version of CRI-O is not known' },
  internalError: { id: 'ICSP399', severity: 'error', title: 'a defect of icspd' },
  stateUnreadable: { id: 'ICSP395', severity: 'error', title: 'the state of icspd cannot be read' },
  commandNotStarted: { id: 'ICSP340', severity: 'error', title: 'a command of the host cannot be started' },
  commandTimedOut: { id: 'ICSP341', severity: 'error', title: 'a command of the host did not end in time' },
  systemdUnreachable: { id: 'ICSP342', severity: 'error', title: 'systemd does not answer' },
  reloadFailed: { id: 'ICSP343', severity: 'error', title: 'systemd could not reload CRI-O' },
  watchingDegraded: { id: 'ICSP344', severity: 'warning', title: 'changes of files are noticed late' },
  // 4xx: settings
  settingsSyntax: { id: 'ICSP401', severity: 'error', title: 'icspd.conf is not valid TOML' },
  unknownSetting: {
    id: 'ICSP402',
    severity: 'warning',
    title: 'icspd.conf has a setting that this version does not know',
  },
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
