import type { Job } from '@aws-delivery/node-runner/job/job';
import type { StepRequest, StepResult } from '@aws-delivery/node-runner/job/step';

/** The result of a main step, with the time and memory of its process. */
export interface MeasuredRun {
  readonly result: StepResult;
  /** Duration of the step. */
  readonly milliseconds: number;
  /** The peak resident set size of the process in MiB. */
  readonly megabytes: number;
  /** Seconds of processor time, in all threads. */
  readonly cpuSeconds: number;
}

/**
 * Prints the peak resident set size of a process in kB and its processor time when it exits. On Linux, getrusage includes the parent's size at
 * the time of the fork; /proc/self/status does not.
 */
const PEAK_REPORTER = `import { readFileSync } from 'node:fs';
const isLinux = process.platform === 'linux';
const peak = () => isLinux
  ? /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  : process.resourceUsage().maxRSS;
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  console.log('peak size ' + peak() + ' kB, processor ' + (user + system) + ' us');
});`;
const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(PEAK_REPORTER)}`;

/** Runs a main step as a runner does, and measures its process. Throws Error if the process was killed. */
export const runMeasured = async (job: Job, request: StepRequest): Promise<MeasuredRun> => {
  const since = performance.now();
  const result = await job.run({ ...request, env: { ...request.env, NODE_OPTIONS } });
  const milliseconds = performance.now() - since;
  const [, peak, cpu] = result.log.flatMap((line) => /^peak size (\d+) kB, processor (\d+) us$/.exec(line) ?? []);
  if (peak === undefined) throw new Error(`the process printed no peak size:\n${result.log.join('\n')}`);
  return { result, milliseconds, megabytes: Number(peak) / 1024, cpuSeconds: Number(cpu) / 1e6 };
};
