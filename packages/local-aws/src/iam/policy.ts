import { z } from 'zod';
import { type ConditionContext, conditionsHold, isOperator } from './condition.js';
import { fits, fitsArn } from './pattern.js';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const values = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z.union([values.transform((value) => [value]), z.array(values)]);
const conditions = z.record(
  z.string().refine(isOperator, { error: 'no condition operator that local AWS knows' }),
  z.record(z.string(), conditionValues),
);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.partialRecord(z.enum(['AWS', 'Federated', 'Service']), texts)]).optional(),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Condition: conditions.default({}),
});

const document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(statement)),
});

const parseJson = (given: unknown): unknown => {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
};

/** A policy: an object in a scenario, or JSON text as AWS APIs take it. (Not a union: its errors would name no place.) */
export const policySchema = z.preprocess(parseJson, document);

export type Policy = z.output<typeof policySchema>;
type Statement = Policy['Statement'][number];

/** Who asks, as a policy's `Principal` may name them, from the most exact to the account. */
export interface Asker {
  readonly kind: 'AWS' | 'Federated' | 'Service';
  /** ARNs, provider ARNs or service names that mean exactly this asker. */
  readonly names: readonly string[];
  /** The account's root ARN and number: a grant that leaves the rest to the account's own policies. */
  readonly accountNames: readonly string[];
}

export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  /** Absent for identity-based policies, which name no principal. */
  readonly asker?: Asker;
}

/** `account` is an allow by a resource-based policy to the asker's account alone. */
export type Answer = 'deny' | 'allow' | 'account' | 'silent';

const expandWith =
  (context: ConditionContext) =>
  (text: string): string =>
    text.replace(/\$\{([^}]+)\}/g, (whole, key: string) => context.get(key.toLowerCase())?.[0] ?? whole);

const actionFits = ({ Action, NotAction }: Statement, action: string): boolean => {
  const any = (patterns: readonly string[]) => patterns.some((pattern) => fits(pattern, action, { ignoreCase: true }));
  return NotAction === undefined ? any(Action ?? []) : !any(NotAction);
};

const resourceFits = ({ Resource, NotResource }: Statement, { resource, context }: Question): boolean => {
  const any = (patterns: readonly string[]) =>
    patterns.map(expandWith(context)).some((each) => fitsArn(each, resource));
  if (NotResource !== undefined) return !any(NotResource);
  // trust policies name no resource: they hang on theirs
  return Resource === undefined || any(Resource);
};

const principalAnswer = ({ Principal }: Statement, asker: Asker | undefined): 'allow' | 'account' | undefined => {
  if (asker === undefined) return 'allow';
  if (Principal === '*') return 'allow';
  const named = Principal?.[asker.kind] ?? [];
  if (named.some((name) => name === '*' || asker.names.includes(name))) return 'allow';
  return named.some((name) => asker.accountNames.includes(name)) ? 'account' : undefined;
};

const answerOf = (statement: Statement, question: Question): Answer => {
  const allowed = principalAnswer(statement, question.asker);
  const applies =
    allowed !== undefined &&
    actionFits(statement, question.action) &&
    resourceFits(statement, question) &&
    conditionsHold(statement.Condition, question.context, expandWith(question.context));
  if (!applies) return 'silent';
  return statement.Effect === 'Deny' ? 'deny' : allowed;
};

/** What a set of policies says to a question: a deny outweighs everything. */
export const ask = (policies: readonly Policy[], question: Question): Answer => {
  const answers = policies.flatMap(({ Statement }) => Statement.map((each) => answerOf(each, question)));
  const order: readonly Answer[] = ['deny', 'allow', 'account'];
  return order.find((answer) => answers.includes(answer)) ?? 'silent';
};

/** Does a role's trust policy let a federated identity or a service assume it? */
export const trusts = (trust: Policy, asker: Asker, action: string, context: ConditionContext): boolean =>
  ask([trust], { action, resource: '*', context, asker }) === 'allow';
