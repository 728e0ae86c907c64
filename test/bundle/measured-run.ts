import type { Job } from '@aws-delivery/node-runner/job/job';
import type { StepRequest, StepResult } from '@aws-delivery/node-runner/job/step';

/** A main that ran, and what it took. */
export interface MeasuredRun {
  readonly result: StepResult;
  /** From the start of the process to its end. */
  readonly milliseconds: number;
  /** The largest size the process had: MB of 2^20 bytes. */
  readonly megabytes: number;
}

/**
 * Tells the largest size a process had, in kB, when it ends. On Linux, getrusage counts what the parent had when it
 * began the process; the status of the process itself does not.
 */
const PEAK_REPORTER = `import { readFileSync } from 'node:fs';
const isLinux = process.platform === 'linux';
const peak = () => isLinux
  ? /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  : process.resourceUsage().maxRSS;
process.on('exit', () => console.log('peak size ' + peak() + ' kB'));`;
const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(PEAK_REPORTER)}`;

/** Runs a step as a runner would, and measures its process. Throws where the process did not come to its own end. */
export const runMeasured = async (job: Job, request: StepRequest): Promise<MeasuredRun> => {
  const since = performance.now();
  const result = await job.run({ ...request, env: { ...request.env, NODE_OPTIONS } });
  const milliseconds = performance.now() - since;
  const [, peak] = result.log.flatMap((line) => /^peak size (\d+) kB$/.exec(line) ?? []);
  if (peak === undefined) throw new Error(`the process has not told its size:\n${result.log.join('\n')}`);
  return { result, milliseconds, megabytes: Number(peak) / 1024 };
};
