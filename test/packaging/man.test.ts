// The manual pages say what the program has: every command, option, setting and finding.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makePage } from '../../packaging/man.ts';
import { globalOptions, optionsOf } from '../../src/cli/options.ts';
import { settingNames } from '../../src/config-schema.ts';
import { defaultSettings } from '../../src/config.ts';
import { FINDINGS } from '../../src/finding.ts';

const folder = join(import.meta.dirname, '../../packaging/man');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const pages = {
  'icspd.8': makePage(read('icspd.8.in')),
  'icspd.conf.5': read('icspd.conf.5'),
  'icsp.d.5': read('icsp.d.5'),
};

test('icspd(8) has every finding with severity and title, in ascending order', (t) => {
  const shown = [...pages['icspd.8'].matchAll(/^\.It (ICSP\d+) Pq (\w+)\n(.*)\.$/gm)].map(
    ([, id, severity, title = '']) => ({
      id,
      severity,
      title: title.replace(/\\[-&]/g, (escape) => escape.slice(1).replace('&', '')),
    }),
  );
  t.deepEqual(shown, Object.values(FINDINGS));
});

test('icspd(8) has every command and every option', (t) => {
  for (const [name, options] of Object.entries(optionsOf)) {
    t.regex(pages['icspd.8'], new RegExp(`^\\.It Cm ${name}\\b`, 'm'));
    for (const option of Object.keys({ ...options, ...globalOptions }))
      t.true(pages['icspd.8'].includes(`Fl \\-${option.replaceAll('-', '\\-')}`), option);
  }
});

test('icspd.conf(5) has every setting and no other', (t) => {
  const page = pages['icspd.conf.5'];
  const sections = page.split(/^\.Ss The table (\w+)$/m);
  const shown = sections.flatMap((section, i) => {
    if (i % 2 === 1) return [];
    const table = i === 0 ? '' : `${sections[i - 1] ?? ''}.`;
    return [...section.matchAll(/^\.It Cm ([a-z-]+)/gm)].map(([, key = '']) => `${table}${key}`);
  });
  t.deepEqual(shown.sort(), [...settingNames].sort());
});

test('icspd.conf(5) names the defaults', (t) => {
  const page = pages['icspd.conf.5'];
  const texts = [
    ...defaultSettings.policyDirs,
    defaultSettings.registriesConf,
    defaultSettings.reloadUnit,
    `history-keep = ${String(defaultSettings.historyKeep)}`,
    `apply = Qq ${defaultSettings.apply}`,
    `drift = Qq ${defaultSettings.drift}`,
    `log-level = Qq ${defaultSettings.logLevel}`,
    `resync = Qq ${String(defaultSettings.resyncMs / 60_000)}m`,
    `quiet-period = Qq ${String(defaultSettings.quietPeriodMs)}ms`,
    `quiet-period-max = Qq ${String(defaultSettings.quietPeriodMaxMs / 1_000)}s`,
    `timeout = Qq ${String(defaultSettings.reloadTimeoutMs / 1_000)}s`,
    `allow-mco-node = ${String(defaultSettings.allowMcoNode)}`,
  ];
  t.deepEqual(
    texts.filter((text) => !page.includes(text)),
    [],
  );
});

const hasMandoc = spawnSync('mandoc', ['-h']).error === undefined;
if (!hasMandoc) process.stderr.write('the manual is not linted: mandoc is not installed\n');

for (const [name, text] of Object.entries(pages)) {
  (hasMandoc ? test : test.skip)(`mandoc has nothing to say about ${name}`, (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'icspd-man-'));
    t.teardown(() => rmSync(directory, { recursive: true }));
    const path = join(directory, name);
    writeFileSync(path, text);
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', path], { encoding: 'utf8' });
    // Whether other pages are installed is no matter of this one.
    t.deepEqual(
      stdout.split('\n').filter((line) => line !== '' && !line.includes('referenced manual not found')),
      [],
    );
    t.true(execFileSync('mandoc', ['-T', 'ascii', path]).length > 1000);
  });
}
