// Differential tests against the real libraries; build.ts builds those first.
export default {
  files: ['test/oracle/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 2,
  timeout: '12h',
};
