import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { runnerMark } from '@aws-delivery/action-kit/inputs';
import type { CiHost, Output } from '../host/host.js';
import { Job } from '../job.js';
import type { Masks } from '../mask.js';
import type { Pauses } from '../node-process.js';
import type { Status } from '../status.js';
import type { StepResult } from '../step.js';
import type { NamedAction } from './action-inputs.js';
import { Interruption, type SignalSource } from './interruption.js';
import { writeOutputs } from './outputs-file.js';

/** One action and what is asked of it. */
export interface DeliveryStep {
  readonly action: NamedAction;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface DeliveryOptions {
  readonly host: CiHost;
  readonly steps: readonly DeliveryStep[];
  /** What of the caller's environment the actions see. */
  readonly machine: Readonly<Record<string, string>>;
  /** The endpoint that gives OIDC tokens, where there is one. */
  readonly idToken: { readonly url: string; readonly token: string } | undefined;
  readonly debug: boolean;
  readonly outputs: readonly string[];
  readonly outputsPrefix: string;
  /** A file for the summary, instead of the host's own place for it. */
  readonly summary: string | undefined;
  readonly signals: SignalSource;
  readonly pauses?: Partial<Pauses>;
  readonly masks: Masks;
}

const exitCodes: Readonly<Record<Status, number>> = { success: 0, failure: 1, cancelled: 130 };

const startJob = ({ host, machine, idToken, debug, pauses, masks }: DeliveryOptions): Job =>
  new Job({
    workspace: host.workspace,
    machine,
    env: { [runnerMark]: host.name },
    github: host.github,
    event: host.event,
    debug,
    ownGroup: true,
    onLine: (_, entry) => host.show(entry),
    masks,
    ...(idToken && { idToken }),
    ...(pauses && { pauses }),
    ...(host.temp === undefined ? {} : { tempFolder: host.temp }),
  });

const outputsOf = ({ outputs }: StepResult, job: Job): readonly Output[] =>
  Object.entries(outputs).map(([name, value]) => ({ name, value, secret: job.masks.apply(value) !== value }));

/** The last of equal names, in the place of the first. */
const lastOfEach = (outputs: readonly Output[]): readonly Output[] => [
  ...new Map(outputs.map((output) => [output.name, output])).values(),
];

const handOver = (results: readonly StepResult[], job: Job, options: DeliveryOptions): void => {
  const outputs = lastOfEach(results.flatMap((result) => outputsOf(result, job)));
  for (const output of outputs) options.host.setOutput(output);
  for (const path of options.outputs) writeOutputs(path, outputs, options.outputsPrefix);
};

const showSummary = async (markdown: string, { host, summary }: DeliveryOptions): Promise<void> => {
  if (markdown === '') return;
  if (summary === undefined) return host.publishSummary(markdown);
  mkdirSync(dirname(summary), { recursive: true });
  appendFileSync(summary, markdown);
};

/** Runs the steps of one job and what follows them. Returns the exit code of the process. */
export const deliver = async (options: DeliveryOptions): Promise<number> => {
  const { host, steps, signals } = options;
  await using job = startJob(options);
  using interruption = new Interruption(job, signals);
  for (const { action, inputs } of steps) {
    if (job.status !== 'success') break;
    if (steps.length > 1) host.show({ kind: 'text', text: `— ${action.name}` });
    await job.run({ action: action.file.directory, inputs });
  }
  await job.finish();
  handOver(job.results, job, options);
  await showSummary(
    job.results
      .map(({ summary }) => summary)
      .filter(Boolean)
      .join('\n'),
    options,
  );
  host.close();
  return interruption.exitCode ?? exitCodes[job.status];
};
