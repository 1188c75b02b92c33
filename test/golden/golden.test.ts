// Golden trees: each folder below trees/ is one rule: what is on a node, and the registries.conf, findings and plan that must come of it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { runTree } from './tree.ts';

const trees = join(import.meta.dirname, 'trees');

/** Set to write the outcome down instead of comparing it; then read the difference in git. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

for (const name of readdirSync(trees).sort()) {
  test(`golden tree ${name}`, async (t) => {
    const tree = join(trees, name);
    const { outcome } = await runTree(tree);
    for (const [file, text] of Object.entries(outcome)) {
      const path = join(tree, file);
      if (isUpdate) writeFileSync(path, text);
      t.is(text, existsSync(path) ? readFileSync(path, 'utf8') : `${file} is missing`);
    }
  });
}
