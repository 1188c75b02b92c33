// Loaded before icspd in the child: says at its end what it has used.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const file = process.env['ICSPD_TEST_USAGE'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(process.resourceUsage()));
});
