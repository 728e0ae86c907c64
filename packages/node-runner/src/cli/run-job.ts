import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { RUNNER_VARIABLE } from '@aws-delivery/action-kit/inputs/read-inputs';
import { readActionFile } from '../action/action-file.js';
import { createAnnotation } from '../commands/annotation.js';
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

export type JobStep = Required<Pick<StepRequest, 'action' | 'id' | 'inputs'>>;

export interface RunJobOptions {
  readonly host: CiHost;
  readonly steps: readonly JobStep[];
  readonly masks: Masks;
  /** The variables of the caller that the actions get. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** The OIDC token endpoint, if any. */
  readonly idToken: { readonly url: string; readonly token: string } | undefined;
  readonly debug: boolean;
  /** Paths of files for the outputs. */
  readonly outputs: readonly string[];
  readonly outputsPrefix: string;
  /** Values that replace those of the host in the github context. */
  readonly github: Readonly<Record<string, string>>;
  /** Path of a file for the summary; default: the host publishes it. */
  readonly summary: string | undefined;
  /** The token for a comment with the summary; without it none is written. */
  readonly commentToken: string | undefined;
  readonly reports: FindingsReports;
  /** Record from which another process can run the posts if this one is killed. */
  readonly record: JobRecord | undefined;
  readonly signals: SignalSource;
  readonly gracePeriods?: Partial<GracePeriods>;
}

const EXIT_CODES: Readonly<Record<Status, number>> = { success: 0, failure: 1, cancelled: 130 };

const buildJobOptions = ({
  host,
  baseEnv,
  idToken,
  debug,
  gracePeriods,
  masks,
  github,
}: RunJobOptions): JobOptions => ({
  workspace: host.workspace,
  baseEnv,
  env: { [RUNNER_VARIABLE]: host.name },
  github: { ...host.github, ...github },
  event: host.event,
  debug,
  masks,
  ownGroup: true,
  onLine: (_, entry) => host.show(entry),
  ...(idToken && { idToken }),
  ...(gracePeriods && { gracePeriods }),
});

/** The last value of each name, at the position of the first. */
const dedupeByName = (outputs: readonly Output[]): readonly Output[] => [
  ...new Map(outputs.map((output) => [output.name, output])).values(),
];

/** Files in RUNNER_TEMP are deleted with the job, so outputs with their paths are useless. */
const isInTempDirectory = ({ value }: Output, temp: string): boolean =>
  value.startsWith(temp) && /^[\\/]/.test(value.slice(temp.length));

/** On hosts whose names ignore case, an output that an action declares takes precedence over one of a stack. */
const sortDeclaredFirst = (outputs: readonly Output[], steps: readonly JobStep[]): readonly Output[] => {
  const declared = new Set(steps.flatMap(({ action }) => [...readActionFile(action).outputDescriptions.keys()]));
  return [...outputs.filter(({ name }) => declared.has(name)), ...outputs.filter(({ name }) => !declared.has(name))];
};

const exportOutputs = (job: Job, { host, masks, steps, outputs: paths, outputsPrefix }: RunJobOptions): void => {
  const allOutputs = dedupeByName(job.results.flatMap(({ outputs }) => toOutputs(outputs, masks)));
  const outputs = allOutputs.filter((output) => !isInTempDirectory(output, job.temp));
  for (const output of sortDeclaredFirst(outputs, steps)) host.setOutput(output);
  const fileOptions = { prefix: outputsPrefix, limits: host.name === 'gitlab' ? 'gitlab' : 'none' } as const;
  for (const path of paths) {
    const warning = writeOutputs(path, sortDeclaredFirst(outputs, steps), fileOptions);
    if (warning !== undefined) host.show({ kind: 'annotation', annotation: createAnnotation('warning', warning) });
  }
};

/** Converts the SARIF file of codeguru-review, if it wrote one. */
const reportFindings = (job: Job, started: number, { host, reports }: RunJobOptions): void => {
  const sarif = job.results.map(({ outputs }) => outputs['sarif-file']).findLast((path) => path !== undefined);
  if (sarif !== undefined) writeFindingsReports(sarif, host.workspace, reports, { started, ended: Date.now() });
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
  // The summary of an earlier step may contain secrets that a later one registered.
  const masked = masks.apply(markdown);
  await publishComment(masked, options);
  if (path === undefined) return host.publishSummary(masked);
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, masked);
};

/** The data that the posts need; the last started step may still be running. */
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

/** Runs the steps of a job and their posts, and publishes the results. Returns the exit code of the process. */
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

/** A job whose runner was killed counts as cancelled, unless a step had failed before. */
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
