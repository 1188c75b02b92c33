// The fenced blocks of README.md, each by the heading that it stands under.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const project = join(import.meta.dirname, '../..');

export interface Block {
  /** Heading, and which block of its language it is there: `Install, sh 1`. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

/** In the order of the page. What stands before the first heading of the second level is `icspd`. */
export function readBlocks(): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { readonly language: string; readonly lines: string[] } | null = null;
  for (const line of readFileSync(join(project, 'README.md'), 'utf8').split('\n')) {
    if (open === null) {
      heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
      const language = /^```(.*)/.exec(line)?.[1];
      if (language !== undefined) open = { language, lines: [] };
    } else if (line === '```') {
      const { language, lines } = open;
      const isAlike = (block: Block): boolean => block.name.startsWith(`${heading}, ${language} `);
      const name = `${heading}, ${language} ${blocks.filter(isAlike).length + 1}`;
      blocks.push({ name, language, text: `${lines.join('\n')}\n` });
      open = null;
    } else open.lines.push(line);
  }
  return blocks;
}
