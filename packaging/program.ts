// The built program as V8 takes it: one function of `require`, with a code cache.
import { Script } from 'node:vm';

/** What esbuild puts around the program's modules. */
export const banner = '(function(require){';
export const footer = '})';

/**
 * @param code of build.ts, in ASCII only
 * @param cache what V8 compiled of that code; it takes it from its own version under its own flags only, and else compiles anew
 */
export function loadProgram(code: Buffer, cache?: Buffer): Script {
  const cachedData = cache === undefined ? {} : { cachedData: cache };
  return new Script(code.toString('latin1'), { filename: 'program.js', ...cachedData });
}

/** Does what process.argv says. */
export function runProgram(program: Script, require: NodeJS.Require): void {
  (program.runInThisContext() as (require: NodeJS.Require) => void)(require);
}
