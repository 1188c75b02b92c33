// No finding without a test that yields it: from a golden tree, from the host, or from a check of ourselves on ourselves.
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { FINDINGS, type FindingName } from '../../src/finding.ts';
import { runTree } from './tree.ts';

const tests = join(import.meta.dirname, '..');
const trees = join(import.meta.dirname, 'trees');

/** Files, locks, services and their answers: no tree of files can give these. */
const fromTheHost: readonly FindingName[] = [
  // Trust and reading of files
  'untrustedFile',
  'unreadableFile',
  'fileTooLarge',
  'untrustedInput',
  'policyDirUnreadable',
  'fileKeepsChanging',
  'dropInUnreadable',
  'dropInDangling',
  'settingsUnreadable',
  // errno
  'ioFailed',
  'diskFull',
  'readOnlyFileSystem',
  'accessDenied',
  'pathMissing',
  'pathUnusable',
  'pathEscapesRoot',
  // The file that is to be replaced
  'targetNotRegular',
  'targetLeavesDirectory',
  'targetNotOwned',
  'targetHardLinked',
  'targetHasAcl',
  'targetBindMounted',
  'targetImmutable',
  'targetWritableByOthers',
  'targetReplaceable',
  'attributesNotCopied',
  'readBackDiffers',
  'nothingToTakeBack',
  // The state
  'baselineExists',
  'layeringStopped',
  'nothingToAdopt',
  'adoptNeedsForce',
  'adoptRefused',
  'nothingToRestore',
  'nothingToHold',
  'noSuchGeneration',
  'neverApplied',
  'textLost',
  'untrustedState',
  'stateUnreadable',
  'generationPassedOver',
  'stateNotRead',
  'acceptedDamaged',
  'baselineEmptied',
  'leftOut',
  'leftOutUnknown',
  'ownFilesNotRead',
  'lockHeld',
  'lockFailed',
  // Commands, systemd and CRI-O
  'mustPullUnknown',
  'commandNotStarted',
  'commandTimedOut',
  'systemdUnreachable',
  'reloadFailed',
  'watchingDegraded',
  'otherFileRead',
  'toldFileMissing',
  'dropInsNotEntered',
  'readersTooOld',
  'mainFileShadowed',
  'noProof',
  'crioRefused',
  'crioBlocked',
];

/** What icspd checks about its own work: no input is known to yield these. */
const fromDefects: readonly FindingName[] = ['renderingRefused', 'internalError'];

test('every finding comes from a tree, from the host or from a defect, and from one of them only', async (t) => {
  const ids = await idsOfTrees();
  const listed = new Set<string>([...fromTheHost, ...fromDefects]);
  t.is(listed.size, fromTheHost.length + fromDefects.length, 'a name stands in both lists');
  const entries = Object.entries(FINDINGS);
  const without = entries.filter(([name, { id }]) => !ids.has(id) && !listed.has(name));
  const both = entries.filter(([name, { id }]) => ids.has(id) && listed.has(name));
  t.deepEqual(without, [], 'no tree yields these');
  t.deepEqual(both, [], 'a tree yields these: take them out of the list');
});

test('what no tree can yield is named in a test of the host, the agent, the commands or the registries', (t) => {
  const text = globSync('{host,agent,cli,registries}/**/*.test.ts', { cwd: tests })
    .map((path) => readFileSync(join(tests, path), 'utf8'))
    .join('\n');
  const unnamed = [...fromTheHost, ...fromDefects].filter(
    (name) => !text.includes(FINDINGS[name].id) && !new RegExp(`'${name}'`).test(text),
  );
  t.deepEqual(unnamed, []);
});

test('ids are in ascending order, never twice, and in the range of what they are about', (t) => {
  const ids = Object.values(FINDINGS).map(({ id }) => id);
  t.deepEqual(ids, [...new Set(ids)].sort());
  t.true(ids.every((id) => /^ICSP[0-4][0-9]{2}$/.test(id)));
});

async function idsOfTrees(): Promise<ReadonlySet<string>> {
  const runs = await Promise.all(readdirSync(trees).map((name) => runTree(join(trees, name))));
  return new Set(runs.flatMap(({ findings }) => findings.map(({ id }) => id)));
}
