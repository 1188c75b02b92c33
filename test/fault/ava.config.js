// What may fail below the agent, for real: processes, file systems, watches. Needs root.
export default {
  files: ['test/fault/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 2,
  timeout: '10m',
};
