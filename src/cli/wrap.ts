// Text for a terminal of some columns: what does not fit goes on in the next line, broken at spaces.

// eslint-disable-next-line no-control-regex -- the codes of paint() are what it looks for
const styleCode = /\u001b\[[\d;]*m/g;

/**
 * Breaks each line that is longer than `columns` (Infinity: none). A word that is longer stays whole, so that it can be copied,
 * and searched for; colour takes no room.
 * @param hang the indentation of what goes on; two more than that of the line where it is left out
 */
export function wrap(text: string, columns: number, hang?: number): string {
  if (columns === Infinity) return text;
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns, hang ?? line.length - line.trimStart().length + 2))
    .join('\n');
}

function wrapLine(line: string, columns: number, hang: number): readonly string[] {
  const lines: string[] = [];
  let current: string | null = null;
  for (const word of line.split(' ')) {
    const longer: string = current === null ? word : `${current} ${word}`;
    // Behind its indentation alone a line is not broken.
    if (current === null || current.trim() === '' || widthOf(longer) <= columns) {
      current = longer;
      continue;
    }
    lines.push(current.trimEnd());
    current = `${' '.repeat(hang)}${word}`;
  }
  return [...lines, current ?? ''];
}

function widthOf(text: string): number {
  return text.replace(styleCode, '').length;
}
