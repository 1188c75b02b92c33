// Builds small Go programs around real libraries of pinned versions.
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

// None of these is used here; each would need a C library.
const tags = 'containers_image_openpgp exclude_graphdriver_btrfs exclude_graphdriver_devicemapper';

const env = {
  ...process.env,
  CGO_ENABLED: '0',
  GOTOOLCHAIN: 'local',
  PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/local/go/bin`,
};

/** Whether there is a Go here. */
export function haveGo(): boolean {
  return spawnSync('go', ['version'], { env }).status === 0;
}

/** Builds the module in a directory. Go's own words go to standard error; false if it failed. */
export function buildGo(directory: string, program: string): boolean {
  const args = ['build', '-mod=readonly', '-buildvcs=false', '-trimpath', '-tags', tags, '-o', program, '.'];
  return spawnSync('go', args, { cwd: directory, env, stdio: ['ignore', 2, 2] }).status === 0;
}
