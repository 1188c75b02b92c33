// A shell inside a fresh system, for looking around: node test/e2e/shell.ts [--without-icspd]. The system goes with the shell.
import { spawnSync } from 'node:child_process';
import { System } from './system.ts';

const system = await System.boot({ withoutIcspd: process.argv.includes('--without-icspd') });
try {
  const { file, args } = system.inside(['bash', '-l']);
  spawnSync(file, args, { stdio: 'inherit' });
} finally {
  await system.shutdown();
}
