import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { assertRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { Masks } from '../commands/masks.js';
import { findHost } from '../host/find-host.js';
import { buildRef, type CiHost, type HostEnvironment } from '../host/host.js';
import { openTokenEndpoint } from '../host/open-token-endpoint.js';
import { selectActionEnv } from '../job/action-environment.js';
import type { GracePeriods } from '../job/node-process.js';
import type { SignalSource } from '../job/signal-forwarder.js';
import { createUsageError, RunnerError } from '../runner-error.js';
import { FileTokenSource } from '../token/file-token-source.js';
import type { TokenSource } from '../token/token-source.js';
import { VariableTokenSource } from '../token/variable-token-source.js';
import { ActionDirectory } from './action-directory.js';
import { parseActionInputs } from './action-inputs.js';
import { renderActionHelp, renderRunnerHelp } from './help.js';
import { JobRecord } from './job-record.js';
import { type Invocation, parseCommandLine } from './parse-command-line.js';
import { finishRecordedJob, type JobStep, type RunJobOptions, runJob } from './run-job.js';

export interface RunnerEnvironment extends HostEnvironment {
  /** The arguments after `node runner.js`. */
  readonly argv: readonly string[];
  /** Directory of the actions, unless overridden by an option. */
  readonly actionsDirectory: string;
  readonly version: string;
  readonly signals: SignalSource;
  readonly printError: (text: string) => void;
  readonly gracePeriods?: Partial<GracePeriods>;
}

type Options = Invocation['options'];

const hasHelpFlag = ({ args }: Invocation['uses'][number]): boolean => args.includes('--help') || args.includes('-h');

const renderHelp = (invocation: Invocation, actions: ActionDirectory): string | undefined => {
  const use = invocation.uses.find(hasHelpFlag);
  if (use !== undefined) return renderActionHelp(actions.find(use.action));
  const { help, post } = invocation.options;
  if (help === undefined && (invocation.uses.length > 0 || post !== undefined)) return undefined;
  const [first] = invocation.uses;
  return first === undefined ? renderRunnerHelp(actions.listActions()) : renderActionHelp(actions.find(first.action));
};

/** The name of the action, with a number from its second use on. */
const buildStepId = (uses: Invocation['uses'], index: number): string => {
  const name = uses[index]?.action ?? '';
  const earlierUses = uses.slice(0, index).filter(({ action }) => action === name).length;
  return earlierUses === 0 ? name : `${name}_${earlierUses + 1}`;
};

const buildSteps = ({ uses }: Invocation, actions: ActionDirectory, { env }: HostEnvironment): readonly JobStep[] =>
  uses.map(({ action: name, args }, index) => {
    const action = actions.find(name);
    return {
      action: action.file.directory,
      id: buildStepId(uses, index),
      inputs: parseActionInputs(action, args, env),
    };
  });

const selectTokenSource = (
  options: Options,
  host: CiHost,
  { env, directory }: HostEnvironment,
): TokenSource | undefined => {
  const variable = options['token-variable']?.at(-1);
  const file = options['token-file']?.at(-1);
  if (variable !== undefined && file !== undefined) {
    throw createUsageError("options '--token-variable' and '--token-file' are mutually exclusive: remove one");
  }
  if (file !== undefined) return new FileTokenSource(resolve(directory, file));
  return variable === undefined ? host.token : new VariableTokenSource(variable, env);
};

/** GitHub's own endpoint, which actions call directly. */
const findGitHubEndpoint = ({ env }: HostEnvironment): { readonly url: string; readonly token: string } | undefined => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  return url && token ? { url, token } : undefined;
};

const createJobRecord = (options: Options, { directory }: HostEnvironment): JobRecord | undefined => {
  const stateDirectory = options.state?.at(-1);
  return stateDirectory === undefined ? undefined : new JobRecord(resolve(directory, stateDirectory));
};

const createHost = ({ options }: Invocation, environment: RunnerEnvironment): CiHost =>
  findHost(environment, { name: options.host?.at(-1), serviceConnection: options['service-connection']?.at(-1) });

/** Masks that also register each secret with the host. */
const createMasks = (host: CiHost): Masks => {
  const masks = new Masks();
  masks.watch((secret) => host.hide(secret));
  return masks;
};

/** The options `--commit` and `--ref` as values of the github context. */
const readRunOptions = ({ commit, ref }: Options): Readonly<Record<string, string>> => {
  const [sha, name] = [commit?.at(-1), ref?.at(-1)];
  return { ...(sha === undefined ? {} : { sha }), ...buildRef(name) };
};

/** Options with a path that is written after the job. */
const WRITTEN_FILES = ['outputs', 'summary', 'code-quality', 'sast'] as const;

/**
 * Checks the files to write before anything runs: a write to a named pipe may never end. Devices such as `/dev/stdout`
 * are allowed.
 * @throws RunnerError `usage` for pipes, sockets and directories
 */
const rejectSpecialFiles = (options: Options, directory: string): void => {
  for (const option of WRITTEN_FILES) {
    for (const path of options[option] ?? []) {
      const stats = path.startsWith('/dev/')
        ? undefined
        : statSync(resolve(directory, path), { throwIfNoEntry: false });
      try {
        if (stats !== undefined) assertRegularFile(`option '--${option}': '${path}'`, stats);
      } catch (error) {
        throw createUsageError(errorMessage(error));
      }
    }
  }
};

/** Variables that actions read because of their own input `token-variable`. */
const listTokenVariables = (steps: readonly JobStep[]): readonly string[] =>
  steps.flatMap(({ inputs }) => inputs['token-variable'] ?? []);

const buildRunOptions = (
  invocation: Invocation,
  environment: RunnerEnvironment,
  host: CiHost,
): Omit<RunJobOptions, 'idToken'> => {
  const { options } = invocation;
  const { env, directory, signals, actionsDirectory, gracePeriods } = environment;
  rejectSpecialFiles(options, directory);
  const resolveLastPath = (paths: readonly string[] | undefined): string | undefined =>
    paths?.slice(-1).map((path) => resolve(directory, path))[0];
  const actions = new ActionDirectory(options.actions?.at(-1) ?? actionsDirectory);
  const steps = buildSteps(invocation, actions, environment);
  return {
    host,
    masks: createMasks(host),
    signals,
    steps,
    baseEnv: selectActionEnv(env, [...(options.env ?? []), ...listTokenVariables(steps)]),
    github: readRunOptions(options),
    debug: env['RUNNER_DEBUG'] === '1' || env['SYSTEM_DEBUG']?.toLowerCase() === 'true',
    outputs: (options.outputs ?? []).map((path) => resolve(directory, path)),
    outputsPrefix: options['outputs-prefix']?.at(-1) ?? '',
    summary: resolveLastPath(options.summary),
    commentToken: env[options.note?.at(-1) ?? ''] || undefined,
    reports: { codeQuality: resolveLastPath(options['code-quality']), sast: resolveLastPath(options.sast) },
    record: createJobRecord(options, environment),
    ...(gracePeriods && { gracePeriods }),
  };
};

const finishJob = async (options: RunJobOptions): Promise<number> => {
  if (options.record === undefined) throw createUsageError("option '--post' requires a job: add --state");
  if (options.steps.length > 0) throw createUsageError("option '--post' does not run actions: remove them");
  const recorded = options.record.read();
  return recorded === undefined ? 0 : finishRecordedJob(recorded, options);
};

const runInvocation = async (invocation: Invocation, environment: RunnerEnvironment): Promise<number> => {
  const { options } = invocation;
  const host = createHost(invocation, environment);
  const runOptions = buildRunOptions(invocation, environment, host);
  if (options.post !== undefined) return finishJob({ ...runOptions, idToken: undefined });
  const source = selectTokenSource(options, host, environment);
  await using endpoint = source && (await openTokenEndpoint(source, host, runOptions.masks));
  const idToken = endpoint ?? findGitHubEndpoint(environment);
  if (idToken === undefined && runOptions.steps.some(({ id }) => id === 'oidc-credentials')) {
    host.show({ kind: 'line', message: `No OIDC token found. To use OIDC, ${host.tokenHint}` });
  }
  return await runJob({ ...runOptions, idToken });
};

const handleCommandLine = async (environment: RunnerEnvironment): Promise<number> => {
  const { argv, print, version, actionsDirectory } = environment;
  const invocation = parseCommandLine(argv);
  if (invocation.options.version !== undefined) {
    print(`${version}\n`);
    return 0;
  }
  const help = renderHelp(invocation, new ActionDirectory(invocation.options.actions?.at(-1) ?? actionsDirectory));
  if (help === undefined) return runInvocation(invocation, environment);
  print(`${help}\n`);
  return invocation.options.help === undefined && invocation.uses.length === 0 ? 2 : 0;
};

/** Runs the command line of the node runner. Returns the exit code; errors are printed to standard error. */
export const runCommandLine = async (environment: RunnerEnvironment): Promise<number> => {
  try {
    return await handleCommandLine(environment);
  } catch (error) {
    environment.printError(`runner.js: ${errorMessage(error)}\n`);
    return error instanceof RunnerError && error.code === 'usage' ? 2 : 1;
  }
};
