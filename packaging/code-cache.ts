// Makes dist/program.cache: all of the program as V8 compiles it, so that no start has to.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadProgram } from './program.ts';

const dist = join(import.meta.dirname, '../dist');

// Of what it finds V8 compiles only what is called, and a program that has not run has called little. Back again before the
// cache is made: it bears the flags that it is for.
setFlagsFromString('--no-lazy');
const program = loadProgram(readFileSync(join(dist, 'program.js')));
setFlagsFromString('--lazy');
writeFileSync(join(dist, 'program.cache'), program.createCachedData());
