// The shell script that is called icspd: runs the program with nothing that the caller's environment would add to it.

/** V8 takes 200 MB in place of 340 for a file of 10 000 entries with a small young generation, and no more time. */
export const nodeOptions: readonly string[] = ['--no-warnings', '--max-semi-space-size=4'];

/**
 * Root runs it, also by su or cron with somebody's environment: neither commands nor code come from what that says.
 * @param body what finds the program and replaces the shell by it
 */
export function makeLauncher(body: string): string {
  return `#!/bin/sh
# Runs icspd with the Node.js that it was tested with, and with nothing that the caller's environment would add to it.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
unset NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_REDIRECT_WARNINGS NODE_V8_COVERAGE OPENSSL_CONF OPENSSL_MODULES
${body}`;
}
