// What others than people read about the command line, made from its tables: JSON Schemas and completion scripts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeBash } from '../src/cli/completion-bash.ts';
import { completeFish } from '../src/cli/completion-fish.ts';
import { completeZsh } from '../src/cli/completion-zsh.ts';
import { jsonSchemas } from '../src/cli/json-documents.ts';

/** Writes schemas/NAME.json and completions/ under the names that each shell looks for. */
export function writeGenerated(directory: string): void {
  const schemas = join(directory, 'schemas');
  mkdirSync(schemas, { recursive: true });
  for (const [name, schema] of jsonSchemas())
    writeFileSync(join(schemas, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  const completions = join(directory, 'completions');
  mkdirSync(completions, { recursive: true });
  writeFileSync(join(completions, 'icspd'), completeBash());
  writeFileSync(join(completions, '_icspd'), completeZsh());
  writeFileSync(join(completions, 'icspd.fish'), completeFish());
}
