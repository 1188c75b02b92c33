// What may fail below the agent, for real: processes, file systems, watches; and what others feed it. Needs root. Processes, since
// tests mount and kill.
export default {
  files: ['test/fault/**/*.test.ts', 'test/hostile/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 2,
  workerThreads: false,
  timeout: '30m',
};
