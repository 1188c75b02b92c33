// The shell script that is called icspd: runs the program with nothing that the caller's environment would add to it.

/**
 * V8 takes 200 MB in place of 340 for a file of 10 000 entries with a small young generation, and no more time. The daemon
 * collects its garbage itself before it goes to sleep (--expose-gc). Of V8's two compilers for code that runs often, the first
 * (Maglev) gains a short program a tenth of its time and costs an idle one 3 MB for good. The other (TurboFan) would begin after
 * a tenth of these calls with what a command is about to end with: that costs a fifth of a command's time, and a large file none.
 */
export const nodeOptions: readonly string[] = [
  '--no-warnings',
  '--max-semi-space-size=4',
  '--expose-gc',
  '--no-maglev',
  '--invocation-count-for-turbofan=30000',
];

/**
 * Root runs it, also by su or cron with somebody's environment: neither commands nor code come from what that says.
 * @param body what finds the program and replaces the shell by it
 */
export function makeLauncher(body: string): string {
  return `#!/bin/sh
# Runs icspd with the Node.js that it was tested with, and with nothing that the caller's environment would add to it.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# Without it each thread of V8 keeps memory of its own that it hardly uses: 8 MB together.
MALLOC_ARENA_MAX=1
export PATH MALLOC_ARENA_MAX
unset NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_REDIRECT_WARNINGS NODE_V8_COVERAGE OPENSSL_CONF OPENSSL_MODULES
${body}`;
}
