import { isDeepStrictEqual } from 'node:util';
import type { Template } from '@aws-delivery/template/template';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { Stack } from '../stack/stack.js';
import { getStatusInfo } from '../stack/stack-state.js';

/** The desired state of a stack, as far as a deployment would change it. */
export interface DesiredStack {
  readonly body: string;
  readonly template: Template;
  /** Values that the step or the assembly sets. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined: the stack keeps its topics. */
  readonly notificationArns: readonly string[] | undefined;
  readonly terminationProtection: boolean;
}

/** Marks parameters in their description that the CDK does not compare. */
const SKIP_MARK = '[cdk:skip]';

/** Values of these parameters may change without a change of the stack. */
const hasDynamicParameters = ({ parameters }: Template): boolean =>
  [...parameters.values()].some(
    ({ type, description = '' }) => type.startsWith('AWS::SSM::Parameter::') && !description.includes(SKIP_MARK),
  );

const hasEqualSettings = (stack: Stack, desired: DesiredStack): boolean => {
  const { notificationArns } = desired;
  return (
    Object.entries(desired.parameters).every(([name, value]) => stack.parameters.get(name) === value) &&
    isDeepStrictEqual({ ...stack.tags }, { ...desired.tags }) &&
    stack.hasTerminationProtection === desired.terminationProtection &&
    (notificationArns === undefined ||
      isDeepStrictEqual(stack.notificationArns.toSorted(), notificationArns.toSorted()))
  );
};

const tryParseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Whether a deployment would change nothing: then no change set is needed. */
export const isEqualStack = async (
  stack: Stack,
  desired: DesiredStack,
  cloudFormation: CloudFormation,
): Promise<boolean> => {
  const isReady = getStatusInfo(stack.status).state === 'ready';
  if (!isReady || hasDynamicParameters(desired.template) || !hasEqualSettings(stack, desired)) return false;
  const { TemplateBody: body = '' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName: stack.id, TemplateStage: 'Original' }),
  );
  return isDeepStrictEqual(tryParseJson(body), tryParseJson(desired.body));
};
