import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';
import { formatReference, type ParameterReference } from '../parameters/stack-output-references.js';
import type { Mode } from '../recovery/recovery-table.js';
import type { Services } from '../services.js';
import { getOutputs } from '../stack/stack.js';
import { type PlannedStack, planStacks } from './plan-stacks.js';
import { readStackEntries } from './stack-list.js';
import { OutputFinder, orderTasks, publishStacksComment, runStackTasks, type StackTask } from './stack-runner.js';
import type { StacksResult } from './stacks-result.js';

const rejectContradictions = ({ wait }: Inputs, mode: Mode, stacks: readonly PlannedStack[]): void => {
  const other = stacks.find(({ request }) => request.mode !== mode);
  if (other !== undefined) {
    const rule = `stack ${other.name} has the mode ${other.request.mode}, other stacks have ${mode}`;
    throw new DeliveryError('invalid-input', `${rule}: set mode`);
  }
  const dependent = wait ? undefined : orderTasks(stacks, mode).find(({ needs }) => needs.length > 0);
  if (dependent === undefined) return;
  const rule = `wait: false starts all stacks at once, but stack ${dependent.name} needs ${dependent.needs.join(', ')}`;
  throw new DeliveryError('invalid-input', `${rule}: set wait: true`);
};

const formatMissingOutput = (reference: ParameterReference): string =>
  `parameter ${reference.parameter} depends on ${formatReference(reference)}, which does not exist yet`;

const createTask = (stack: PlannedStack, services: Services, outputFinder: OutputFinder): StackTask => {
  const prepare: StackTask['prepare'] = async (host: Host) => {
    if (stack.missing.length > 0) return { kind: 'pending', reasons: stack.missing.map(formatMissingOutput) };
    const inputLoader = services.inputLoader.withStackOutputs(outputFinder.find);
    return { kind: 'run', request: stack.request, services: { ...services, host, inputLoader } };
  };
  return { ...stack, prepare };
};

/** Brings all stacks of `stacks` to the state that the inputs request, in the order of their dependencies. */
export const runStacks = async (
  inputs: Inputs & { readonly stacks: string },
  services: Services,
): Promise<StacksResult> => {
  if (inputs.name !== undefined) {
    throw new DeliveryError('invalid-input', "inputs 'name' and 'stacks' cannot be combined: remove one");
  }
  const outputFinder = new OutputFinder(services.findStackOutputs);
  const entries = await readStackEntries(inputs.stacks, services);
  const planned = await planStacks(entries, services, outputFinder.find);
  const mode = planned[0]?.request.mode ?? 'deploy';
  rejectContradictions(inputs, mode, planned);
  const tasks = planned.map((stack) => createTask(stack, services, outputFinder));
  const result = await runStackTasks(tasks, services.host, {
    mode,
    concurrency: inputs.concurrency,
    timeoutMs: inputs.timeout * 1000,
    onFinished: (name, { record }) => outputFinder.update(name, getOutputs(record.stack)),
  });
  if (inputs.comment !== 'none') await publishStacksComment(inputs, result, services);
  return result;
};
