// Mutates the sample instead of the pure core, for harness.test.ts.
import { env } from 'node:process';
import whole from './stryker.config.js';

export default {
  ...whole,
  mutate: ['test/mutation/sample/sample.ts'],
  testFiles: ['test/mutation/sample/promises.ts'],
  concurrency: 1,
  timeoutMS: 1000,
  incremental: false,
  thresholds: { ...whole.thresholds, break: null },
  reporters: ['json'],
  jsonReporter: { fileName: env.REPORT },
  tempDirName: '.cache/stryker-harness',
};
