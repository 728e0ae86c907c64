import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { parseRequest } from '../inputs/parse-request.js';
import type { Request } from '../inputs/request.js';
import {
  type FindStackOutputs,
  formatReference,
  listReferences,
  type ParameterReference,
} from '../parameters/stack-output-references.js';
import type { Services } from '../services.js';
import { findStack } from '../stack/stack.js';
import { assertNoCircle, type Task } from './schedule.js';
import type { StackEntry } from './stack-list.js';
import { CHANGE_SET_MODES } from './stacks-result.js';

/** A stack of the list, ready to run. */
export interface PlannedStack extends Task {
  readonly request: Request;
  readonly references: readonly ParameterReference[];
  /** In a preview, outputs of stacks in the list that do not exist yet. */
  readonly missing: readonly ParameterReference[];
}

/** Number of stacks and templates that are read at once. */
const READ_CONCURRENCY = 8;

const parseEntry = async (entry: StackEntry, services: Services): Promise<PlannedStack> => {
  const { name, needs, inputs } = entry;
  try {
    const request = parseRequest(inputs, services.workspace);
    const { parameters, 'parameter-files': parameterFiles = [] } = inputs;
    const { assignments } = await services.inputLoader.readParameters({ parameters, parameterFiles });
    return { name, needs, request, references: listReferences(assignments), missing: [] };
  } catch (error) {
    const code = error instanceof DeliveryError ? error.code : 'unexpected';
    throw new DeliveryError(code, `stack ${name}: ${errorMessage(error)}`, { cause: error });
  }
};

/** Adds the dependencies that follow from references, and checks the names in `needs`. */
const addDependencies = (stack: PlannedStack, names: readonly string[]): PlannedStack => {
  const unknown = stack.needs.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const suggestion = suggestClosest(unknown, names);
    const hint = suggestion === undefined ? 'name a stack of the list' : `did you mean ${suggestion.name}?`;
    throw new DeliveryError(
      'invalid-input',
      `stack ${stack.name} needs '${unknown}', which is not in the list: ${hint}`,
    );
  }
  const referenced = stack.references.map(({ stackName }) => stackName).filter((name) => names.includes(name));
  return { ...stack, needs: [...new Set([...stack.needs, ...referenced])] };
};

const hasTemplate = (request: Request): request is Extract<Request, { stackInputs: unknown }> =>
  'stackInputs' in request;

/** Outputs that a stack of the list declares; undefined if only CloudFormation knows them (macros, unread text). */
const readDeclaredOutputs = async (
  { request }: PlannedStack,
  { inputLoader, cloudFormation }: Services,
): Promise<ReadonlySet<string> | undefined> => {
  if (!hasTemplate(request)) return undefined;
  const isPrevious = request.stackInputs.template.trim() === 'previous';
  const stack = isPrevious ? await findStack(cloudFormation, request.stackName) : undefined;
  const { isUnread, transforms, outputs } = await inputLoader.readTemplate(request.stackInputs, stack);
  return isUnread || transforms.length > 0 ? undefined : new Set(outputs.keys());
};

const createMissingOutputError = (stack: PlannedStack, reference: ParameterReference, problem: string): DeliveryError =>
  new DeliveryError(
    'invalid-input',
    `stack ${stack.name}: parameter ${reference.parameter} refers to ${formatReference(reference)}, but ${problem}`,
  );

/** Checks the outputs that parameters refer to, before anything is written. */
class ReferenceChecker {
  private readonly declaredOutputs = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  constructor(
    private readonly stacks: readonly PlannedStack[],
    private readonly services: Services,
    private readonly findStackOutputs: FindStackOutputs,
  ) {}

  /** @throws DeliveryError `invalid-input` for an output that neither exists nor will exist */
  async check(stack: PlannedStack): Promise<void> {
    for (const reference of stack.references) {
      const target = this.stacks.find(({ name }) => name === reference.stackName);
      if (target === undefined) await this.checkDeployedStack(stack, reference);
      else await this.checkListedStack(stack, reference, target);
    }
  }

  private async checkListedStack(stack: PlannedStack, reference: ParameterReference, target: PlannedStack) {
    const declared = this.declaredOutputs.get(target.name) ?? readDeclaredOutputs(target, this.services);
    this.declaredOutputs.set(target.name, declared);
    const names = await declared;
    if (names === undefined || names.has(reference.outputName)) return;
    const suggestion = suggestClosest(reference.outputName, [...names]);
    const hint = suggestion === undefined ? 'add it, or correct the name' : `did you mean ${suggestion.name}?`;
    throw createMissingOutputError(stack, reference, `the template does not declare it: ${hint}`);
  }

  private async checkDeployedStack(stack: PlannedStack, reference: ParameterReference): Promise<void> {
    const { stackName, outputName } = reference;
    const outputs = await this.findStackOutputs(stackName);
    if (outputs === undefined) {
      const problem = 'the stack is neither in the list nor in the account and Region: correct the name';
      throw createMissingOutputError(stack, reference, problem);
    }
    if (outputs.has(outputName)) return;
    const names = [...outputs.keys()].join(', ') || 'none';
    throw createMissingOutputError(stack, reference, `the stack has no such output: use one of ${names}`);
  }
}

/** In a preview, the outputs of listed stacks that the parameters of a stack wait for. */
const findMissingOutputs = async (
  stack: PlannedStack,
  names: readonly string[],
  findStackOutputs: FindStackOutputs,
): Promise<PlannedStack> => {
  const listed = stack.references.filter(({ stackName }) => names.includes(stackName));
  const exists = await Promise.all(
    listed.map(async ({ stackName, outputName }) => (await findStackOutputs(stackName))?.has(outputName) ?? false),
  );
  return { ...stack, missing: listed.filter((_, index) => exists[index] !== true) };
};

/**
 * Parses the entries into requests with their dependencies. Nothing is written before all of them are valid.
 * @throws DeliveryError for invalid inputs, circles, unknown names and outputs that do not exist
 */
export const planStacks = async (
  entries: readonly StackEntry[],
  services: Services,
  findStackOutputs: FindStackOutputs,
): Promise<readonly PlannedStack[]> => {
  const names = entries.map(({ name }) => name);
  const parsed = await mapConcurrent(entries, READ_CONCURRENCY, (entry) => parseEntry(entry, services));
  const stacks = parsed.map((stack) => addDependencies(stack, names));
  assertNoCircle(stacks);
  const checker = new ReferenceChecker(stacks, services, findStackOutputs);
  return mapConcurrent(stacks, READ_CONCURRENCY, async (stack) => {
    if (!hasTemplate(stack.request)) return stack;
    await checker.check(stack);
    const isPreview = CHANGE_SET_MODES.includes(stack.request.mode);
    return isPreview ? findMissingOutputs(stack, names, findStackOutputs) : stack;
  });
};
