import type { JobPort } from './job-port.ts'
import { JobRunner, type RunnerOptions } from './job-runner.ts'

/** The writing side in the caller's own thread: tests and one-shot commands. */
export function inlineJobs(options: RunnerOptions): JobPort {
  const runner = new JobRunner(options)
  return {
    open: async (path) => runner.open(path),
    close: () => runner.close(),
    command: (method, input) => runner.command(method, input),
    job: (jobId, method, input) => runner.job(jobId, method, input),
    cancel: (jobId) => runner.cancel(jobId),
    audit: async (action, details) => runner.audit(action, details),
    stop: () => Promise.resolve(),
    hasEnded: () => false,
  }
}
