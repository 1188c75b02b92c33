// An image-based operating system, as far as icspd can tell: /usr and /etc come and go together, /var stays.
import type { System } from '../e2e/system.ts';

/** Keeps the /usr and /etc that are booted as a deployment of its own, with the package database, which such systems have in /usr. */
export async function keepDeployment(system: System, name: string): Promise<void> {
  const paths = ['/etc', '/var/lib/rpm', ...(await packageFiles(system))].map((path) => path.slice(1));
  await system.must('tar', '--create', `--file=/var/${name}.tar`, '--directory=/', ...paths);
}

/** Boots another deployment: with its /usr and its /etc, and the /var that is there. */
export async function bootDeployment(system: System, name: string): Promise<void> {
  // Nobody of the deployment that goes may see the other's files.
  await system.must('systemctl', 'stop', 'icspd', 'crio');
  await system.must('rm', ...(await packageFiles(system)));
  await system.must(
    'rm',
    '-r',
    '/etc/containers',
    '/etc/icspd',
    '/etc/icsp.d',
    '/etc/systemd',
    '/var/lib/rpm',
  );
  await system.must('tar', '--extract', '--preserve-permissions', `--file=/var/${name}.tar`, '--directory=/');
  await system.reboot();
}

/** What the package has in /usr, directories apart. */
async function packageFiles(system: System): Promise<readonly string[]> {
  const list = await system.must(
    'rpm',
    '--query',
    '--queryformat',
    '[%{FILEMODES:perms} %{FILENAMES}\n]',
    'icspd',
  );
  return list.split('\n').flatMap((line) => {
    const [mode = '', path = ''] = line.split(' ');
    return mode.startsWith('d') || !path.startsWith('/usr/') ? [] : [path];
  });
}
