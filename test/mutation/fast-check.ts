// fast-check with few cases for each law, the same ones for each mutant: more would take most of the time of all tests.
import * as whole from 'fast-check';

const numRuns = 25;

// No search for the smallest case that fails: that one does is all there is to know.
whole.configureGlobal({ seed: 20_260_101, endOnFailure: true });

function assert<Values>(property: whole.IProperty<Values>, parameters?: whole.Parameters<Values>): void {
  whole.assert(property, { ...parameters, numRuns: Math.min(parameters?.numRuns ?? numRuns, numRuns) });
}

export default { ...whole.default, assert };
