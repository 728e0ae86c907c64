import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Assignment } from './parse-parameters.js';

/** A parameter value, or one item of it, that is the output of another stack: `stack-output://network/VpcId`. */
export interface StackOutputReference {
  readonly stackName: string;
  readonly outputName: string;
}

/** A reference and the parameter that has it. */
export interface ParameterReference extends StackOutputReference {
  readonly parameter: string;
}

/** Reads the outputs of a stack in the account and Region by name; undefined if the stack does not exist. */
export type FindStackOutputs = (stackName: string) => Promise<ReadonlyMap<string, string> | undefined>;

const SCHEME = 'stack-output://';

export const formatReference = ({ stackName, outputName }: StackOutputReference): string =>
  `output ${outputName} of stack ${stackName}`;

const parseReference = (item: string, parameter: string): StackOutputReference | undefined => {
  const trimmed = item.trim();
  if (!trimmed.startsWith(SCHEME)) return undefined;
  const match = /^([A-Za-z][A-Za-z0-9-]{0,127})\/([A-Za-z0-9]{1,255})$/u.exec(trimmed.slice(SCHEME.length));
  const [, stackName, outputName] = match ?? [];
  if (stackName !== undefined && outputName !== undefined) return { stackName, outputName };
  const rule = `has the value '${trimmed}', which does not name an output`;
  throw new DeliveryError('invalid-input', `parameter ${parameter} ${rule}: write ${SCHEME}stack-name/OutputName`);
};

/** A list parameter has items separated by commas, each of which may be a reference. */
const splitItems = (value: string): readonly string[] => (value.includes(SCHEME) ? value.split(',') : [value]);

/**
 * The references in parameter values, in order.
 * @throws DeliveryError `invalid-input` for a value that starts like a reference and names no output
 */
export const listReferences = (assignments: ReadonlyMap<string, Assignment>): readonly ParameterReference[] =>
  [...assignments].flatMap(([parameter, assignment]) =>
    assignment.kind !== 'value'
      ? []
      : splitItems(assignment.value).flatMap((item) => {
          const reference = parseReference(item, parameter);
          return reference === undefined ? [] : [{ ...reference, parameter }];
        }),
  );

const readOutput = async (
  { stackName, outputName, parameter }: ParameterReference,
  findStackOutputs: FindStackOutputs,
): Promise<string> => {
  const outputs = await findStackOutputs(stackName);
  const value = outputs?.get(outputName);
  if (value !== undefined) return value;
  const problem =
    outputs === undefined ? `stack ${stackName} does not exist` : `stack ${stackName} has no output ${outputName}`;
  const hint = outputs === undefined ? 'deploy it first, or correct the name' : 'add it to the template of the stack';
  throw new DeliveryError(
    'not-found',
    `parameter ${parameter} refers to an output that does not exist (${problem}): ${hint}`,
  );
};

/**
 * Replaces references with the current outputs of their stacks.
 * @throws DeliveryError `not-found` for a missing stack or output
 */
export const resolveReferences = async (
  assignments: ReadonlyMap<string, Assignment>,
  findStackOutputs: FindStackOutputs,
): Promise<ReadonlyMap<string, Assignment>> => {
  const resolveItem = async (item: string, parameter: string): Promise<string> => {
    const reference = parseReference(item, parameter);
    return reference === undefined ? item : readOutput({ ...reference, parameter }, findStackOutputs);
  };
  const resolved = [...assignments].map(async ([parameter, assignment]): Promise<readonly [string, Assignment]> => {
    if (assignment.kind !== 'value') return [parameter, assignment];
    const items = splitItems(assignment.value).map((item) => resolveItem(item, parameter));
    return [parameter, { ...assignment, value: (await Promise.all(items)).join(',') }];
  });
  return new Map(await Promise.all(resolved));
};
