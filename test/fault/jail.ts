// A small system of its own in which icspd works on `/`, so that it asks for labels, units and the journal as on a node.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { icspd } from './icspd.ts';
import { run, type Ended } from './processes.ts';
import type { Scratch } from './scratch.ts';

const checkout = join(import.meta.dirname, '../..');

/** What the jail's PATH begins with. */
const commandsInside = '/commands';

export interface Jail {
  /** The command line that runs `argv` inside. */
  command(argv: readonly string[]): readonly string[];
  /** Runs icspd inside, on `/`. */
  icspd(...args: readonly string[]): Promise<Ended>;
  readonly environment: Readonly<Record<string, string>>;
  /** Puts a shell script before the command of that name; inside, `/commands` is `folder`. */
  add(name: string, body: string): void;
  /** Takes all of them away, with what they wrote. */
  clear(): void;
  /** The directory of the commands, from outside. */
  readonly folder: string;
}

/**
 * `/etc`, `/var` and `/run` are those of the scratch's root; programs, /proc and /dev are this machine's, and the checkout, which
 * has Node.js and the program, lies where it lies. What is mounted is seen inside only, and is gone with the command.
 * @param hasSelinux whether it looks as if its kernel had SELinux; nothing has a label all the same
 */
export function openJail({ path, root }: Scratch, hasSelinux = false): Jail {
  const [jail, folder] = [join(path, 'jail'), join(path, 'commands')];
  for (const each of [jail, folder]) mkdirSync(each, { recursive: true });
  const script = [
    'set -e',
    'jail=$1 root=$2 commands=$3 checkout=$4; shift 4',
    'mount -t tmpfs -o mode=0755 icspd-jail "$jail"; cd "$jail"',
    `mkdir -p usr proc dev etc var run tmp ".${commandsInside}" ".$checkout" "$root/etc" "$root/var" "$root/run"`,
    'for each in bin sbin lib lib64; do ln -s usr/$each $each; done',
    ...(hasSelinux ? ['mkdir -p sys/fs/selinux; echo 1 > sys/fs/selinux/enforce'] : []),
    'for each in /usr /proc /dev; do mount --rbind $each .$each; done',
    'for each in etc var run; do mount --bind "$root/$each" $each; done',
    `mount --bind "$commands" .${commandsInside}; mount --bind "$checkout" ".$checkout"`,
    'exec chroot . "$@"',
  ].join('\n');
  const environment = {
    ...icspd.environment,
    PATH: `${commandsInside}:/usr/sbin:/usr/bin:/sbin:/bin`,
  };
  const command = (argv: readonly string[]): readonly string[] => [
    ...['unshare', '--mount', 'sh', '-c', script, 'jail', jail, root, folder, checkout],
    ...argv,
  ];
  return {
    command,
    icspd: (...args) => run(command(icspd.command('/', args)), environment),
    environment,
    folder,
    add(name, body) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(folder, name), 0o755);
    },
    clear() {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    },
  };
}
