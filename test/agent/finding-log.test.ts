import test from 'ava';
import { makeFindingLog } from '../../src/agent/finding-log.ts';
import { finding, type Finding } from '../../src/finding.ts';
import { wholeFile } from '../../src/origin.ts';
import { makeFakeClock, type FakeClock } from '../fake-clock.ts';

interface Scene {
  readonly clock: FakeClock;
  readonly lines: string[];
  readonly tell: (...findings: readonly Finding[]) => void;
}

function open(): Scene {
  const clock = makeFakeClock();
  const lines: string[] = [];
  const log = makeFindingLog((severity, message) => void lines.push(`${severity}: ${message}`), clock);
  return { clock, lines, tell: (...findings) => log(findings) };
}

function broken(file: string): Finding {
  return finding('emptyFile', wholeFile(file), 'the file is empty', 'write it');
}

test('a finding is told when it appears and when it is gone, not while it lasts', (t) => {
  const { lines, tell } = open();
  tell(broken('/a'));
  tell(broken('/a'));
  tell();
  t.deepEqual(lines, [
    'error: /a: error ICSP051: the file is empty; help: write it',
    'info: no longer: /a: error ICSP051: the file is empty',
  ]);
});

test('that CRI-O did not say what it did once is told each time, and is never over', (t) => {
  const { lines, tell } = open();
  const silent = finding('noProof', null, 'crio.service was reloaded but said nothing', 'set log_level');
  tell(silent);
  tell();
  tell(silent);
  t.deepEqual(
    lines,
    Array(2).fill(
      'warning: icspd: warning ICSP396: crio.service was reloaded but said nothing; help: set log_level',
    ),
  );
});

test('a file that is right and wrong by turns each second is a few lines a minute, and said to be so', (t) => {
  const { clock, lines, tell } = open();
  for (let second = 0; second < 600; second += 1) {
    if (second % 2 === 0) tell(broken('/a'));
    else tell();
    clock.advance(1_000);
  }
  t.true(lines.length <= 12 + 10 + 1, `${lines.length} lines`);
  t.is(lines.filter((line) => line.includes('come too often')).length, 1);
});

test('another file is told about as ever meanwhile', (t) => {
  const { lines, tell } = open();
  for (let i = 0; i < 50; i += 1) {
    tell(broken('/a'));
    tell();
  }
  tell(broken('/b'));
  t.is(lines.at(-1), 'error: /b: error ICSP051: the file is empty; help: write it');
});

test('what still holds when there is room again is told then', (t) => {
  const { clock, lines, tell } = open();
  for (let i = 0; i < 50; i += 1) {
    tell(broken('/a'));
    tell();
  }
  tell(broken('/a'));
  const before = lines.length;
  clock.advance(60_000);
  tell(broken('/a'));
  t.deepEqual(lines.slice(before), ['error: /a: error ICSP051: the file is empty; help: write it']);
});

test('a thousand files that are broken at once are all told', (t) => {
  const { lines, tell } = open();
  tell(...Array.from({ length: 1_000 }, (_, i) => broken(`/${i}`)));
  t.is(lines.length, 1_000);
});
