// What apply = "safe" lets the daemon write: the safe part of the change from the text in force to the rendering. PURE.
import { finding, hasErrors, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { areSameConf, compareConfs, type Change } from '../registries/compare.ts';
import { dialectOf, expressInDialect } from '../registries/dialect.ts';
import { takeSafePart } from '../registries/safe-part.ts';
import { attributeText, type TextInForce } from './text-in-force.ts';
import { writeDown, type Rendering, type RenderingInputs } from './rendering.ts';

/** What may be put in force unasked, and what waits for `icspd apply`. */
export interface Permitted {
  readonly rendering: Rendering;
  readonly parked: readonly Change[];
}

/**
 * Takes the safe part. It depends on nothing but the rendering and what is in force, so that what is parked stays so across
 * restarts. A text in force that this CRI-O does not understand is first said in its words, whatever class that has.
 */
export function permitSafe(text: TextInForce, rendering: Rendering, inputs: RenderingInputs): Permitted {
  if (!rendering.isUsable) return { rendering, parked: [] };
  const inForce = attributeText(text);
  const before = expressInDialect(inForce.conf, dialectOf(inputs.crioVersion)).conf;
  const part = takeSafePart(before, rendering.conf);
  if (part === rendering.conf) return { rendering, parked: [] };
  const written = inForce.isText && areSameConf(part, inForce.conf) ? null : writeDown(part, inputs);
  const { findings, protections } = rendering;
  const isGood = written?.isUsable === true && !hasErrors(written.findings);
  const taken = isGood || (written !== null && !inForce.isText) ? written : keep(inForce, inputs);
  const isNewSearch =
    JSON.stringify(taken.conf.searchRegistries) === JSON.stringify(rendering.conf.searchRegistries);
  const { searchOrigins } = isNewSearch ? rendering : inForce;
  const permitted = { ...taken, searchOrigins, protections, findings };
  return { rendering: permitted, parked: compareConfs(permitted.conf, rendering.conf) };
}

/** @param file registries.conf */
export function describeParked(parked: readonly Change[], file: string): readonly Finding[] {
  const count = parked.length;
  if (count === 0) return [];
  const message = `${count === 1 ? 'a change waits' : `${count} changes wait`}: apply = "safe", and icspd makes only safe ones by itself`;
  const help = 'look at icspd diff; run icspd apply to make them';
  return [finding('riskyParked', wholeFile(file), message, help)];
}

function keep(
  { bytes, conf }: TextInForce,
  { digest }: RenderingInputs,
): Omit<Rendering, 'findings' | 'searchOrigins' | 'protections'> {
  return { bytes, digest: bytes === null ? null : digest(bytes), conf, isUsable: true };
}
