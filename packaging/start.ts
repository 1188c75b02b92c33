// Starts the program with what V8 compiled of it at build time, from beside this file or from inside the executable.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';
import { loadProgram, runProgram } from './program.ts';

// esbuild makes a CommonJS module of this file, which has `require` and `__dirname`.
const read = (name: string): Buffer =>
  isSea() ? Buffer.from(getRawAsset(name)) : readFileSync(join(__dirname, name));

runProgram(loadProgram(read('program.js'), read('program.cache')), require);
