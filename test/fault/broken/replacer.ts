// A program that replaces a file as it should be done, or with one defect: `replacer.ts DEFECT ROOT`. The layers are tried on it.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Defect } from './defects.ts';

const [defect, root = ''] = process.argv.slice(2);
const path = join(root, 'etc/containers/registries.conf');
const directory = dirname(path);
const wanted = readFileSync(join(root, 'etc/wanted'));

function has(name: Defect): boolean {
  return defect === name;
}

function replace(): void {
  if (!has('fixed temporary name') && !has('no sweep')) sweep();
  if (existsSync(path) && readFileSync(path).equals(wanted)) return;
  if (has('written in place')) {
    write(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC));
    return;
  }
  const name = has('fixed temporary name') ? '0'.repeat(16) : randomBytes(8).toString('hex');
  const temporary = join(directory, `.registries.conf.icspd-${name}`);
  const fd = openSync(temporary, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    if (has('renamed before it is written')) renameSync(temporary, path);
    write(fd);
    if (!has('renamed before it is written')) renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) unlinkSync(temporary);
    throw error;
  }
  if (!has('directory not synced')) syncDirectory();
}

function write(fd: number): void {
  for (let done = 0; done < wanted.length;) {
    done += writeSync(fd, wanted, done, wanted.length - done, done);
    if (has('short write ignored')) break;
  }
  if (!has('file not synced')) fsyncSync(fd);
  const isRight = has('short write ignored') || readFileSync(fd).equals(wanted);
  closeSync(fd);
  if (!isRight) throw new Error('it does not read back as it was written');
}

function syncDirectory(): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function sweep(): void {
  for (const name of readdirSync(directory)) if (name.startsWith('.')) unlinkSync(join(directory, name));
}

try {
  replace();
  process.stdout.write('applied\n');
} catch (error) {
  if (has('error without a remedy')) throw error;
  if (has('error ignored')) process.stdout.write('applied\n');
  else {
    process.stdout.write(`${path}: error ICSP300: ${String(error)}\n  help: look at ${directory}\n`);
    process.exitCode = 1;
  }
}
