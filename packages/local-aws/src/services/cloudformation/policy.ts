import { z } from 'zod';
import { fits } from '../../iam/pattern.js';
import { invalid } from './refusal.js';

const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const stackPolicy = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(['Allow', 'Deny']),
      Action: texts,
      Resource: texts.default(['*']),
    }),
  ),
});

type StackPolicy = z.output<typeof stackPolicy>;

const matches = (patterns: readonly string[], value: string): boolean =>
  patterns.some((pattern) => fits(pattern, value));

/** @throws Refusal for what is no stack policy */
export const parseStackPolicy = (text: string): StackPolicy => {
  try {
    return stackPolicy.parse(JSON.parse(text));
  } catch {
    throw invalid(`Error validating stack policy: Invalid stack policy`);
  }
};

/** Why a stack policy does not let a resource be updated; undefined where it does. Without a policy everything may be. */
export const policyRefusal = (text: string | undefined, logicalId: string, update: 'Modify' | 'Replace' | 'Delete') => {
  if (text === undefined) return undefined;
  const { Statement: statements } = parseStackPolicy(text);
  const [action, resource] = [`Update:${update}`, `LogicalResourceId/${logicalId}`];
  const about = statements.filter(
    (statement) => matches(statement.Action, action) && matches(statement.Resource, resource),
  );
  const denied = about.some(({ Effect }) => Effect === 'Deny') || !about.some(({ Effect }) => Effect === 'Allow');
  return denied
    ? `Action denied by stack policy: Statement does not allow [${action}] for resource [${resource}]`
    : undefined;
};
