// The texts of findings read alike wherever they are written: found in the source itself, so that no rare one escapes.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import { commands } from '../src/cli/commands.ts';
import { FINDINGS } from '../src/finding.ts';

const root = join(import.meta.dirname, '..');

/** One text as far as it is literal: a value inside it is `…`. */
interface Text {
  readonly where: string;
  readonly text: string;
}

const texts = globSync('src/**/*.ts', { cwd: root }).flatMap((path) => {
  const source = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.ES2024,
    true,
  );
  return collect(source, path);
});
const helps = texts.filter(({ isHelp }) => isHelp);
const messages = texts.filter(({ isHelp }) => !isHelp);

/** A word that is written with a capital wherever it stands. */
const name = /^(?:CRI-O|NeverContactSource|SELinux|Image[A-Za-z]*|GitHub)\b/;

test('the source is read: there are hundreds of texts', (t) => {
  t.true(helps.length > 120, String(helps.length));
  t.true(messages.length > 120, String(messages.length));
});

test('messages, helps and titles begin in lower case and end without a full stop', (t) => {
  const titles = Object.values(FINDINGS).map(({ id, title }) => ({ where: id, text: title }));
  const wrong = [...texts, ...titles].filter(
    ({ text }) => (/^[A-Z]/.test(text) && !name.test(text)) || /[.\s]$/.test(text) || text.includes('\n'),
  );
  t.deepEqual(wrong, []);
});

test('a help tells what to do: it begins with a verb, not with a thing or a condition', (t) => {
  const wrong = helps.filter(({ text }) =>
    /^(?:the|a|an|it|this|that|there|if|to|when|nothing(?! to do)|icspd|you|its|no)\b/i.test(text),
  );
  t.deepEqual(wrong, []);
});

test('a command of icspd in a text is one that there is', (t) => {
  const named = helps.flatMap(({ where, text }) =>
    [...text.matchAll(/(?:^|run |: |\()icspd ([a-z]+)/g)].map(([, command = '']) => ({ where, command })),
  );
  t.true(named.length > 5);
  t.deepEqual(
    named.filter(({ command }) => !Object.hasOwn(commands, command) && command !== 'as'),
    [],
  );
});

/** The texts of `finding(…)`, of `new HostError(…)`, and of what is called help, remedy, message, sentence or cause. */
function collect(source: ts.SourceFile, path: string): readonly (Text & { readonly isHelp: boolean })[] {
  const found: (Text & { isHelp: boolean })[] = [];
  const take = (node: ts.Node, isHelp: boolean): void => {
    for (const text of literals(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ where: `${path}:${String(line + 1)}`, text, isHelp });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'finding') {
      const [, , message, help] = node.arguments;
      if (message !== undefined) take(message, false);
      if (help !== undefined) take(help, true);
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'HostError') {
      const [, message, help] = node.arguments ?? [];
      if (message !== undefined) take(message, false);
      if (help !== undefined) take(help, true);
    }
    if ((ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && node.initializer !== undefined) {
      const called = node.name.getText();
      if (/^(?:help|remedy)$/.test(called) && !/^src\/(?:main|cli\/(?:command|options))/.test(path))
        take(node.initializer, true);
      if (/^(?:message|sentence|cause)$/.test(called)) take(node.initializer, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The texts that an expression can have. */
function literals(node: ts.Node): readonly string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  }
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  if (ts.isArrowFunction(node)) return literals(node.body);
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  return [];
}
