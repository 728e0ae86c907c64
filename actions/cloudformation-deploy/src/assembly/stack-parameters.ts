import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Assignment } from '../parameters/parse-parameters.js';
import type { AssemblyStack } from './read-assembly.js';
import { matchesPath } from './select-stacks.js';

type Assignments = ReadonlyMap<string, Assignment>;

interface DeclaringStack {
  readonly stack: AssemblyStack;
  /** Parameters that the template declares. */
  readonly parameterNames: ReadonlySet<string>;
}

/** `Pattern:Parameter`, as `cdk deploy --parameters` has it, or `Parameter` for every stack that declares it. */
const splitName = (name: string): readonly [pattern: string | undefined, parameter: string] => {
  const colon = name.lastIndexOf(':');
  return colon < 0 ? [undefined, name] : [name.slice(0, colon), name.slice(colon + 1)];
};

const isFor = ({ stack, parameterNames }: DeclaringStack, name: string): boolean => {
  const [pattern, parameter] = splitName(name);
  if (pattern === undefined) return parameterNames.has(parameter);
  return [stack.displayName, stack.artifactId, stack.stackName].some((own) => matchesPath(own, pattern));
};

/** The step's parameters for one stack, and those of its manifest; the step's win. */
export const listStackParameters = (declaring: DeclaringStack, assignments: Assignments): Assignments => {
  const manifest = Object.entries(declaring.stack.properties.parameters ?? {}).map(
    ([name, value]): readonly [string, Assignment] => [name, { kind: 'value', value: String(value), location: {} }],
  );
  const own = [...assignments].flatMap(([name, assignment]): readonly (readonly [string, Assignment])[] =>
    isFor(declaring, name) ? [[splitName(name)[1], assignment]] : [],
  );
  return new Map([...manifest, ...own]);
};

/** @throws DeliveryError `invalid-input` for a parameter that no stack takes */
export const rejectUnusedParameters = (assignments: Assignments, stacks: readonly DeclaringStack[]): void => {
  const unused = [...assignments.keys()].find((name) => !stacks.some((stack) => isFor(stack, name)));
  if (unused === undefined) return;
  const hint = 'correct the name, or write it as stack:parameter';
  throw new DeliveryError('invalid-input', `no selected stack has the parameter '${unused}': ${hint}`);
};

/** The AWS CLI's list format, which the input `parameters` accepts. */
export const formatParameters = (assignments: Assignments): string =>
  JSON.stringify(
    [...assignments].map(([ParameterKey, assignment]) =>
      assignment.kind === 'value'
        ? { ParameterKey, ParameterValue: assignment.value }
        : { ParameterKey, UsePreviousValue: true },
    ),
  );
