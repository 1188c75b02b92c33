// What the package hands to systemd, judged by systemd's own tools.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { auditMessageIds } from '../../src/agent/audit-event.ts';

function scratch(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'icspd-systemd-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  return root;
}

/** The catalog as journalctl compiles it. */
function compiledCatalog(t: ExecutionContext): string {
  const root = scratch(t);
  mkdirSync(join(root, 'usr/lib/systemd/catalog'), { recursive: true });
  mkdirSync(join(root, 'var/lib/systemd/catalog'), { recursive: true });
  copyFileSync('systemd/icspd.catalog', join(root, 'usr/lib/systemd/catalog/icspd.catalog'));
  execFileSync('journalctl', ['--root', root, '--update-catalog']);
  return execFileSync('journalctl', ['--root', root, '--dump-catalog'], { encoding: 'utf8' });
}

test('journalctl -x explains each event of the audit trail, and nothing else is in the catalog', (t) => {
  const text = compiledCatalog(t);
  const explained = [...text.matchAll(/^-- ([0-9a-f]{32})$/gm)].map(([, id]) => id);
  t.deepEqual(explained.toSorted(), Object.values(auditMessageIds).toSorted());
});

test('each explanation has a subject, the manual, and says what to do', (t) => {
  const entries = compiledCatalog(t).split(/^-- /m).slice(1);
  t.true(entries.length > 0);
  for (const entry of entries) {
    t.regex(entry, /^Subject: \S/m);
    t.regex(entry, /^Documentation: man:icspd\(8\)$/m);
    t.regex(entry, /icspd \w+|journalctl|systemctl|Nothing has to be done|log of icspd|remove it/, entry);
  }
});

test('a field that an explanation quotes is one that entries have', (t) => {
  const quoted = readFileSync('systemd/icspd.catalog', 'utf8').matchAll(/@(\w+)@/g);
  const code = ['src/agent/audit.ts', 'src/agent/audit-fields.ts']
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
  for (const [, field = ''] of quoted)
    t.regex(code, new RegExp(`\\b${field.replace('ICSPD_', '')}\\b`), field);
});

test('the links for node_exporter lead to files that are there before icspd has run', (t) => {
  const root = scratch(t);
  const tmpfiles = (config: string): void => {
    execFileSync('systemd-tmpfiles', ['--root', root, '--create', '-'], { input: config });
  };
  tmpfiles(readFileSync('systemd/icspd.tmpfiles.conf', 'utf8'));
  t.false(existsSync(join(root, 'var')), 'a node without node_exporter gets nothing of it');
  const unit = readFileSync('systemd/icspd-node-exporter.service', 'utf8');
  tmpfiles([...unit.matchAll(/^StandardInputText=(.*)$/gm)].map(([, line]) => `${line ?? ''}\n`).join(''));
  for (const name of ['icspd.prom', 'icspd-waiting.prom']) {
    t.is(readlinkSync(join(root, 'var/lib/node_exporter/textfile_collector', name)), `/run/icspd/${name}`);
    t.is(readFileSync(join(root, 'run/icspd', name), 'utf8'), '');
  }
});

test('the audit rules watch all that an operator changes', (t) => {
  const rules = readFileSync('systemd/icspd.audit.rules', 'utf8');
  const watched = [...rules.matchAll(/^-a always,exit -F (?:dir|path)=(\S+) -F perm=wa -F key=icspd$/gm)];
  t.deepEqual(
    watched.map(([, path]) => path),
    ['/etc/icsp.d', '/etc/icspd', '/etc/containers/registries.conf'],
  );
});
