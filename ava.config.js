// Unit, golden and property tests: no root, no network, no CRI-O. The oracle, fault and e2e suites have configs of their own.
export default {
  files: ['test/**/*.test.ts', '!test/e2e/**', '!test/e2e-rpm/**', '!test/oracle/**', '!test/fault/**'],
  extensions: ['ts'],
  timeout: '60s',
};
