// The e2e suite: one system at a time, each file a story told in order; processes, since the system dies with its process.
export default {
  files: ['test/e2e/scenes/**/*.test.ts'],
  extensions: ['ts'],
  serial: true,
  concurrency: 1,
  workerThreads: false,
  timeout: '5m',
};
