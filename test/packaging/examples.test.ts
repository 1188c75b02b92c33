// The examples that are shipped do what they say.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { brokenPolicy, digestPolicy } from '../cli/program.ts';
import { leaveOut } from '../leave-out.ts';

const project = join(import.meta.dirname, '../..');
const examples = join(project, 'packaging/examples');

test('the pre-commit hook lets a good policy file in, and stops a bad one and one that is only a warning', (t) => {
  const repository = mkdtempSync(join(tmpdir(), 'icspd-hook-'));
  t.teardown(() => rmSync(repository, { recursive: true }));
  const git = (...args: readonly string[]): { readonly status: number | null; readonly stderr: string } =>
    spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: repository,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(project, 'dist')}:${process.env['PATH'] ?? ''}` },
    });
  git('init', '--quiet');
  copyFileSync(join(examples, 'pre-commit'), join(repository, '.git/hooks/pre-commit'));
  mkdirSync(join(repository, 'policies'));
  const commit = (
    name: string,
    text: string,
  ): { readonly status: number | null; readonly stderr: string } => {
    writeFileSync(join(repository, name), text);
    git('add', '--all');
    return git('commit', '--quiet', '--message', 'a');
  };
  t.is(commit('policies/good.yaml', digestPolicy).status, 0);
  t.is(commit('elsewhere.yaml', brokenPolicy).status, 0, 'no policy of the node');
  const bad = commit('policies/bad.yaml', brokenPolicy);
  t.is(bad.status, 1);
  t.regex(bad.stderr, /policies\/bad\.yaml:9:11: error ICSP031/);
  const risky = commit('policies/bad.yaml', digestPolicy.replace('quay.io/team', 'team'));
  t.is(risky.status, 1);
  t.regex(risky.stderr, /warning ICSP041/);
});

test('visudo accepts the sudoers file', (t) => {
  const { status, stdout, stderr, error } = spawnSync('visudo', ['-cf', join(examples, 'sudoers')], {
    encoding: 'utf8',
  });
  if (error !== undefined) {
    leaveOut(t, 'visudo is not installed');
    return;
  }
  t.is(status, 0, stdout + stderr);
});
