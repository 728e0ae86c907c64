import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { RUNNER_VARIABLE } from '@aws-delivery/action-kit/inputs/read-inputs';
import { readUncollectedState } from '../commands/command-files.js';
import type { Masks } from '../commands/masks.js';
import { type CiHost, type Output, toOutputs } from '../host/host.js';
import { Job, type JobOptions } from '../job/job.js';
import type { GracePeriods } from '../job/node-process.js';
import { SignalForwarder, type SignalSource } from '../job/signal-forwarder.js';
import type { Status } from '../job/status.js';
import type { StepRequest } from '../job/step.js';
import { type FindingsReports, writeFindingsReports } from '../report/findings-reports.js';
import type { JobRecord, RecordedJob } from './job-record.js';
import { writeOutputs } from './outputs-file.js';

/** A step of the job, under an id of its own. */
export type JobStep = Required<Pick<StepRequest, 'action' | 'id' | 'inputs'>>;

export interface RunJobOptions {
  readonly host: CiHost;
  readonly steps: readonly JobStep[];
  readonly masks: Masks;
  /** What of the caller's environment the actions see. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** The endpoint that gives OIDC tokens, where there is one. */
  readonly idToken: { readonly url: string; readonly token: string } | undefined;
  readonly debug: boolean;
  readonly outputs: readonly string[];
  readonly outputsPrefix: string;
  /** A file for the summary, instead of the host's own place for it. */
  readonly summary: string | undefined;
  /** What a comment with the summary is written with. */
  readonly commentToken: string | undefined;
  readonly reports: FindingsReports;
  /** Where the job is kept until its posts have run, in case this process is killed. */
  readonly record: JobRecord | undefined;
  readonly signals: SignalSource;
  readonly gracePeriods?: Partial<GracePeriods>;
}

const EXIT_CODES: Readonly<Record<Status, number>> = { success: 0, failure: 1, cancelled: 130 };

const buildJobOptions = ({ host, baseEnv, idToken, debug, gracePeriods, masks }: RunJobOptions): JobOptions => ({
  workspace: host.workspace,
  baseEnv,
  env: { [RUNNER_VARIABLE]: host.name },
  github: host.github,
  event: host.event,
  debug,
  masks,
  ownGroup: true,
  onLine: (_, entry) => host.show(entry),
  ...(idToken && { idToken }),
  ...(gracePeriods && { gracePeriods }),
});

/** The last of equal names, in the place of the first. */
const dedupeByName = (outputs: readonly Output[]): readonly Output[] => [
  ...new Map(outputs.map((output) => [output.name, output])).values(),
];

/** Files in RUNNER_TEMP go with the job, so their paths would lead nobody anywhere. */
const isInTempDirectory = ({ value }: Output, temp: string): boolean =>
  value.startsWith(temp) && /^[\\/]/.test(value.slice(temp.length));

const exportOutputs = (job: Job, { host, masks, outputs: paths, outputsPrefix }: RunJobOptions): void => {
  const allOutputs = dedupeByName(job.results.flatMap(({ outputs }) => toOutputs(outputs, masks)));
  const outputs = allOutputs.filter((output) => !isInTempDirectory(output, job.temp));
  for (const output of outputs) host.setOutput(output);
  for (const path of paths) writeOutputs(path, outputs, outputsPrefix);
};

/** The reports of the gate's findings, where it came so far as to write any. */
const reportFindings = (job: Job, started: number, { host, reports }: RunJobOptions): void => {
  const sarif = job.results.map(({ outputs }) => outputs['sarif-file']).findLast((path) => path !== undefined);
  if (sarif !== undefined) writeFindingsReports(sarif, host.workspace, { ...reports, started, ended: Date.now() });
};

const publishComment = async (markdown: string, { host, commentToken }: RunJobOptions): Promise<void> => {
  if (commentToken === undefined) return;
  const outcome = await host.comment(markdown, commentToken);
  if (outcome !== undefined) host.show({ kind: 'line', message: outcome });
};

const showSummary = async ({ results }: Job, options: RunJobOptions): Promise<void> => {
  const { host, masks, summary: path } = options;
  const markdown = results
    .map(({ summary }) => summary)
    .filter((summary) => summary !== '')
    .join('\n');
  if (markdown === '') return;
  // What a later step learnt to be secret may stand in the summary of an earlier one.
  const masked = masks.apply(markdown);
  await publishComment(masked, options);
  if (path === undefined) return host.publishSummary(masked);
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, masked);
};

/** The job as its posts will need it; the last of the steps is the one that runs. */
const buildRecordedJob = (job: Job, startedSteps: readonly JobStep[], masks: Masks): RecordedJob => ({
  temp: job.temp,
  status: job.status,
  env: { ...job.exported },
  masks: [...masks.values],
  steps: startedSteps.map((step) => {
    const result = job.results.find(({ id, stage }) => id === step.id && stage === 'main');
    return { ...step, inputs: { ...step.inputs }, state: { ...result?.state }, ended: result !== undefined };
  }),
});

const runSteps = async (job: Job, { host, steps, masks, record }: RunJobOptions): Promise<void> => {
  const startedSteps: JobStep[] = [];
  const saveRecord = (): void => record?.write(buildRecordedJob(job, startedSteps, masks));
  using _ = masks.watch(saveRecord);
  for (const step of steps) {
    if (job.status !== 'success') break;
    if (steps.length > 1) host.show({ kind: 'line', message: `— ${step.id}` });
    startedSteps.push(step);
    saveRecord();
    await job.run(step);
    saveRecord();
  }
};

/** Runs the steps of one job and what follows them. Returns the exit code of the process. */
export const runJob = async (options: RunJobOptions): Promise<number> => {
  const { host, record, signals } = options;
  const started = Date.now();
  const tempDirectory = record?.open() ?? host.temp;
  using _ = record;
  await using job = new Job({ ...buildJobOptions(options), ...(tempDirectory === undefined ? {} : { tempDirectory }) });
  using signalForwarder = new SignalForwarder(job, signals);
  await runSteps(job, options);
  await job.finish();
  exportOutputs(job, options);
  reportFindings(job, started, options);
  await showSummary(job, options);
  host.close();
  return signalForwarder.exitCode ?? EXIT_CODES[job.status];
};

/** A job whose runner is gone was cancelled, unless it had failed before; what it was in the middle of is not known. */
const getRecordedStatus = ({ status }: RecordedJob): Status => (status === 'failure' ? 'failure' : 'cancelled');

/** Runs the posts of a job whose runner was killed. Returns the exit code of the process. */
export const finishRecordedJob = async (recorded: RecordedJob, options: RunJobOptions): Promise<number> => {
  const { host, record, signals, masks } = options;
  const { temp, env, steps } = recorded;
  for (const mask of recorded.masks) masks.add(mask);
  const jobOptions = buildJobOptions(options);
  using _ = record;
  await using job = new Job({
    ...jobOptions,
    env: { ...jobOptions.env, ...env },
    temp,
    status: getRecordedStatus(recorded),
  });
  using signalForwarder = new SignalForwarder(job, signals);
  for (const { state, ended, ...step } of steps) job.resume(step, ended ? state : readUncollectedState(temp));
  const posts = await job.finish();
  await showSummary(job, options);
  host.close();
  return signalForwarder.exitCode ?? (posts.some(({ outcome }) => outcome === 'failure') ? EXIT_CODES.failure : 0);
};
