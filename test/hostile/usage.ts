// Loaded before icspd in the child: says at its end what it has used.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  const file = process.env['ICSPD_TEST_USAGE'];
  if (file === undefined) return;
  // Of this program alone: the maxRSS of getrusage(2) is at least what the parent had when it started us (VmHWM: proc(5)).
  const maxRSS = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  writeFileSync(file, JSON.stringify({ ...process.resourceUsage(), maxRSS }));
});
