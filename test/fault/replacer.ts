// What the layers ask of the program under test: icspd, or one of the replacers that are broken on purpose.
import type { Scratch } from './scratch.ts';
import type { Call } from './strace.ts';

/** The file under test, below the root. */
export const target = 'etc/containers/registries.conf';

/** A node as it is before a run, and what the run makes of its file. */
export interface Scene {
  readonly title: string;
  /** A directory to copy; its file holds `old`. */
  readonly template: string;
  readonly args: readonly string[];
  /** Null: no file. */
  readonly old: Buffer | null;
  readonly new: Buffer | null;
  /** What a later run without faults comes to; `either` where an order of an operator may be lost, but only as a whole. */
  readonly endsWith: 'new' | 'either';
}

/** By title. */
export type Scenes = ReadonlyMap<string, Scene>;

export interface Replacer {
  /** Builds the scenes, below `scratch`. */
  scenes(scratch: Scratch): Promise<Scenes>;
  /** The command whose system calls are counted. */
  command(root: string, args: readonly string[]): readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether this call may fail without a word: what it does is no promise. */
  mayGoOn(call: Call, scene: Scene): boolean;
  /** What is wrong at any instant with what it keeps besides the file; a sentence each. */
  inspect(root: string): readonly string[];
  /** A run without faults; what is wrong with how it went or with what it keeps afterwards. */
  recover(root: string): Promise<readonly string[]>;
}
