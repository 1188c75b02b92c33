// Mutation tests of the pure core: what happens if one operator, one text, one condition of it is changed?
export default {
  mutate: ['src/{policy,compose,registries}/**/*.ts'],
  plugins: ['./test/mutation/runner.ts'],
  testRunner: 'in-process',
  coverageAnalysis: 'perTest',
  // On top of the time that the tests take: for a machine that does other things as well. Loops are found by counting.
  timeoutMS: 60_000,
  concurrency: 2,
  // Node's own way to take types out.
  testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
  // Code that was loaded anew is never freed.
  maxTestRunnerReuse: 300,
  thresholds: { high: 95, low: 90, break: 90 },
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  htmlReporter: { fileName: '.cache/mutation/report.html' },
  tempDirName: '.cache/stryker',
  ignorePatterns: [
    '/*',
    '!/src',
    '!/test',
    '!/package.json',
    '/test/e2e',
    '/test/oracle',
    '/test/golden/trees',
  ],
  // StrykerJS does not copy links that lead nowhere, and some trees have them.
  buildCommand: 'cp -a ../../../test/golden/trees test/golden/',
  allowConsoleColors: false,
};
