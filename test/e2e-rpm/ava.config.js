// The life of the package: what it is made of, then its versions on one system after another.
export default {
  files: ['test/e2e-rpm/**/*.test.ts'],
  extensions: ['ts'],
  serial: true,
  concurrency: 1,
  workerThreads: false,
  timeout: '5m',
};
