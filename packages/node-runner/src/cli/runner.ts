import { resolve } from 'node:path';
import { plainAnnotation } from '../annotation.js';
import { findHost } from '../host/detection.js';
import type { CiHost, Surroundings } from '../host/host.js';
import { Masks } from '../mask.js';
import type { Pauses } from '../node-process.js';
import { RunnerError, textOf } from '../runner-error.js';
import { FileTokenSource } from '../token/file-token-source.js';
import { TokenEndpoint } from '../token/token-endpoint.js';
import type { TokenSource } from '../token/token-source.js';
import { VariableTokenSource } from '../token/variable-token-source.js';
import { ActionFolder } from './action-folder.js';
import { actionInputs } from './action-inputs.js';
import { type Invocation, parseCommandLine } from './command-line.js';
import { type DeliveryOptions, type DeliveryStep, deliver, finishRecorded } from './delivery.js';
import { actionHelp, runnerHelp } from './help.js';
import type { SignalSource } from './interruption.js';
import { JobRecord } from './job-record.js';
import { passedEnvironment } from './passed-environment.js';

export interface RunnerSurroundings extends Surroundings {
  /** What stands after `node runner.js`. */
  readonly argv: readonly string[];
  /** Where the actions lie unless an option says otherwise. */
  readonly actions: string;
  readonly version: string;
  readonly signals: SignalSource;
  readonly printError: (text: string) => void;
  readonly pauses?: Partial<Pauses>;
}

type Options = Invocation['options'];

const isHelp = ({ args }: Invocation['uses'][number]): boolean => args.includes('--help');

const helpFor = (invocation: Invocation, folder: ActionFolder): string | undefined => {
  const use = invocation.uses.find(isHelp);
  if (use !== undefined) return actionHelp(folder.find(use.action));
  const { help, post } = invocation.options;
  if (help === undefined && (invocation.uses.length > 0 || post !== undefined)) return undefined;
  const [first] = invocation.uses;
  return first === undefined ? runnerHelp(folder.all()) : actionHelp(folder.find(first.action));
};

/** Ids as a person would give them: the action's name, and a number where it runs again. */
const idOf = (uses: Invocation['uses'], index: number): string => {
  const name = uses[index]?.action ?? '';
  const before = uses.slice(0, index).filter(({ action }) => action === name).length;
  return before === 0 ? name : `${name}_${before + 1}`;
};

const stepsOf = ({ uses }: Invocation, folder: ActionFolder, { variables }: Surroundings): readonly DeliveryStep[] =>
  uses.map(({ action: name, args }, index) => {
    const action = folder.find(name);
    return { action: action.file.directory, id: idOf(uses, index), inputs: actionInputs(action, args, variables) };
  });

const tokenSource = (
  options: Options,
  host: CiHost,
  { variables, directory }: Surroundings,
): TokenSource | undefined => {
  const variable = options['token-variable']?.at(-1);
  const file = options['token-file']?.at(-1);
  if (variable !== undefined && file !== undefined) {
    throw new RunnerError('usage', "'--token-variable' and '--token-file' exclude each other: drop one");
  }
  if (file !== undefined) return new FileTokenSource(resolve(directory, file));
  return variable === undefined ? host.token : new VariableTokenSource(variable, variables);
};

/** GitHub's own endpoint, which needs nothing between it and an action. */
const givenEndpoint = ({ variables }: Surroundings): { readonly url: string; readonly token: string } | undefined => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = variables;
  return url && token ? { url, token } : undefined;
};

const recordIn = (options: Options, { directory }: Surroundings): JobRecord | undefined => {
  const folder = options.state?.at(-1);
  return folder === undefined ? undefined : new JobRecord(resolve(directory, folder));
};

const runJob = async (invocation: Invocation, surroundings: RunnerSurroundings): Promise<number> => {
  const { options } = invocation;
  const { variables, directory, signals, actions, pauses } = surroundings;
  const [name, serviceConnection] = [options.host?.at(-1), options['service-connection']?.at(-1)];
  const host = findHost(surroundings, { name, serviceConnection });
  const masks = new Masks();
  masks.watch((secret) => host.hide(secret));
  const pathOf = (given: readonly string[] | undefined): string | undefined =>
    given?.slice(-1).map((path) => resolve(directory, path))[0];
  const delivery: Omit<DeliveryOptions, 'idToken'> = {
    host,
    masks,
    signals,
    steps: stepsOf(invocation, new ActionFolder(options.actions?.at(-1) ?? actions), surroundings),
    machine: passedEnvironment(variables, options.env ?? []),
    debug: variables['RUNNER_DEBUG'] === '1' || variables['SYSTEM_DEBUG']?.toLowerCase() === 'true',
    outputs: (options.outputs ?? []).map((path) => resolve(directory, path)),
    outputsPrefix: options['outputs-prefix']?.at(-1) ?? '',
    summary: pathOf(options.summary),
    commentToken: variables[options.note?.at(-1) ?? ''] || undefined,
    reports: { codeQuality: pathOf(options['code-quality']), sast: pathOf(options.sast) },
    record: recordIn(options, surroundings),
    ...(pauses && { pauses }),
  };
  if (options.post !== undefined) return finish({ ...delivery, idToken: undefined });
  await using endpoint = await openEndpoint(tokenSource(options, host, surroundings), host, masks);
  const idToken = endpoint ?? givenEndpoint(surroundings);
  if (idToken === undefined && delivery.steps.some(({ id }) => id === 'oidc-credentials')) {
    host.show({ kind: 'text', text: `There is no OIDC token here. If there should be one: ${host.tokenAdvice}` });
  }
  return await deliver({ ...delivery, idToken });
};

const openEndpoint = (
  source: TokenSource | undefined,
  host: CiHost,
  masks: Masks,
): Promise<TokenEndpoint> | undefined =>
  source &&
  TokenEndpoint.open({
    source,
    onToken: (token) => masks.add(token),
    onProblem: (message) => host.show({ kind: 'annotation', annotation: plainAnnotation('error', message) }),
  });

const finish = async (delivery: DeliveryOptions): Promise<number> => {
  if (delivery.record === undefined) throw new RunnerError('usage', "'--post' needs to know whose: add --state");
  if (delivery.steps.length > 0) throw new RunnerError('usage', "'--post' runs no actions: drop them");
  const recorded = delivery.record.read();
  return recorded === undefined ? 0 : finishRecorded(recorded, delivery);
};

const answerTo = async (surroundings: RunnerSurroundings): Promise<number> => {
  const { argv, print, version, actions } = surroundings;
  const invocation = parseCommandLine(argv);
  if (invocation.options.version !== undefined) {
    print(`${version}\n`);
    return 0;
  }
  const help = helpFor(invocation, new ActionFolder(invocation.options.actions?.at(-1) ?? actions));
  if (help === undefined) return runJob(invocation, surroundings);
  print(`${help}\n`);
  return invocation.options.help === undefined && invocation.uses.length === 0 ? 2 : 0;
};

/** The command line of the node runner. Returns the exit code; everything that goes wrong is said on standard error. */
export const runCli = async (surroundings: RunnerSurroundings): Promise<number> => {
  try {
    return await answerTo(surroundings);
  } catch (error) {
    surroundings.printError(`runner.js: ${textOf(error)}\n`);
    return error instanceof RunnerError && error.code === 'usage' ? 2 : 1;
  }
};
