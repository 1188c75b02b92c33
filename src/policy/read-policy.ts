// One policy file: bytes in, what it asks for and what there is to say about it out.
import { type Finding, finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { type SourceDocument, readDocuments } from './document.ts';
import { maxPolicyBytes } from './drop-ins.ts';
import { ContentBuilder } from './content.ts';
import { readObject, isOurs, type Reading } from './object.ts';
import { flattenList } from './object-list.ts';
import { Quota } from './policy-object.ts';
import { FileReport, TooManyErrors } from './report.ts';
import { noContent, type PolicyContent } from './rule.ts';
import { decodeSource, type SourceText } from './source-text.ts';

/**
 * What came of reading a file. `unsupported`: a document is of a kind of ours in a version that is not known here. Any
 * error refuses the whole file; then `content` is empty.
 */
export interface PolicyReading {
  readonly state: 'accepted' | 'refused' | 'unsupported';
  readonly content: PolicyContent;
  readonly findings: readonly Finding[];
}

/**
 * Reads a policy file: YAML 1.2 or JSON, several documents, lists. The result depends on path and bytes alone. Never
 * throws.
 * @param path for findings and origins
 */
export function readPolicy(path: string, bytes: Uint8Array): PolicyReading {
  if (bytes.length > maxPolicyBytes) {
    const message = `the file has ${bytes.length} bytes, more than 1 MiB`;
    return refused(finding('fileTooLarge', wholeFile(path), message, 'split it into several files'));
  }
  const source = decodeSource(path, bytes);
  if (source === null) {
    const help = 'save the file as UTF-8, for example with iconv -f UTF-16 -t UTF-8';
    return refused(finding('notUtf8', wholeFile(path), 'the bytes of the file are not UTF-8', help));
  }
  // A full disk or a broken copy leaves such a file; one that is meant to ask for nothing can say so in a comment.
  if (source.text.trim() === '') {
    const help = 'delete the file if its mirrors should go, or write it again';
    return refused(finding('emptyFile', wholeFile(path), `the file is empty${blank(bytes)}`, help));
  }
  const report = new FileReport(source);
  const reading: Reading = {
    report,
    quota: new Quota(),
    content: new ContentBuilder(),
    otherKinds: new Map(),
  };
  readAll(source, reading);
  const findings = report.findings();
  if (report.hasUnsupported()) return { state: 'unsupported', content: noContent, findings };
  if (report.hasErrors()) return { state: 'refused', content: noContent, findings };
  return { state: 'accepted', content: reading.content.build(), findings };
}

function refused(reason: Finding): PolicyReading {
  return { state: 'refused', content: noContent, findings: [reason] };
}

function blank({ length }: Uint8Array): string {
  return length === 0 ? '' : ': it has nothing but white space';
}

/** Reads every document, or as far as it is worth while: the file is refused for its first error. */
function readAll(source: SourceText, reading: Reading): void {
  try {
    for (const document of readDocuments(source)) readDocument(document, reading);
    noteOtherKinds(reading);
  } catch (cause) {
    if (!(cause instanceof TooManyErrors)) throw cause;
  }
}

function readDocument({ root, fault, unknownTag }: SourceDocument, reading: Reading): void {
  const objects = root === null ? [] : [...flattenList(root)];
  const areOurs = objects.length > 0 && objects.every(isOurs);
  const blame = fault ?? (areOurs ? unknownTag : null);
  if (blame !== null) {
    reading.report.add(blame, blame.at, areOurs);
    return;
  }
  for (const object of objects) readObject(object, reading);
}

/** Once per file: people copy whole directories of manifests. */
function noteOtherKinds({ otherKinds, report }: Reading): void {
  const [first] = otherKinds.values();
  if (first === undefined) return;
  const names = [...otherKinds.keys()];
  const shown = names.slice(0, 5).join(', ');
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const message = `documents of other kinds are skipped: ${shown}${more}`;
  report.add(
    { name: 'otherKind', message, help: 'nothing to do; icspd reads image mirror policies only' },
    first,
    false,
  );
}
