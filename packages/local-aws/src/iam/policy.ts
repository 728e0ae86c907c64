import { z } from 'zod';
import { type ConditionContext, isOperator, matchesConditions } from './condition.js';
import { matchesArn, matchesPattern } from './pattern.js';

const stringListSchema = z.union([z.string().transform((value) => [value]), z.array(z.string())]);
const scalarSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValuesSchema = z.union([scalarSchema.transform((value) => [value]), z.array(scalarSchema)]);
const conditionsSchema = z.record(
  z.string().refine(isOperator, { error: 'condition operator not supported by Local AWS' }),
  z.record(z.string(), conditionValuesSchema),
);

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z
    .union([z.literal('*'), z.partialRecord(z.enum(['AWS', 'Federated', 'Service']), stringListSchema)])
    .optional(),
  Action: stringListSchema.optional(),
  NotAction: stringListSchema.optional(),
  Resource: stringListSchema.optional(),
  NotResource: stringListSchema.optional(),
  Condition: conditionsSchema.default({}),
});

const policyDocumentSchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.preprocess((raw) => (Array.isArray(raw) ? raw : [raw]), z.array(statementSchema)),
});

const parseJson = (raw: unknown): unknown => {
  if (typeof raw !== 'string') return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
};

/** A policy: an object in a scenario, or JSON text as in AWS APIs. (Not a union: its errors would have no path.) */
export const policySchema = z.preprocess(parseJson, policyDocumentSchema);

export type Policy = z.output<typeof policySchema>;
type Statement = Policy['Statement'][number];

/** A principal by all names that a policy's `Principal` element may use for it. */
export interface PolicyPrincipal {
  readonly kind: 'AWS' | 'Federated' | 'Service';
  /** ARNs, provider ARNs or service names of exactly this principal. */
  readonly names: readonly string[];
  /** The account's root ARN and number: an allow for them leaves the decision to the account's own policies. */
  readonly accountNames: readonly string[];
}

export interface PolicyQuery {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  /** Undefined for identity-based policies, which have no `Principal` element. */
  readonly principal?: PolicyPrincipal;
}

/** `account-delegated`: a resource-based policy allows the principal's account, not the principal itself. */
export type PolicyDecision = 'deny' | 'allow' | 'account-delegated' | 'implicit-deny';

const expandVariables =
  (context: ConditionContext) =>
  (value: string): string =>
    value.replace(/\$\{([^}$]+)\}/g, (match, key: string) => context.get(key.toLowerCase())?.[0] ?? match);

const matchesAction = ({ Action, NotAction }: Statement, action: string): boolean => {
  const matchesAny = (patterns: readonly string[]) =>
    patterns.some((pattern) => matchesPattern(pattern, action, { ignoreCase: true }));
  return NotAction === undefined ? matchesAny(Action ?? []) : !matchesAny(NotAction);
};

const matchesResource = ({ Resource, NotResource }: Statement, { resource, context }: PolicyQuery): boolean => {
  const matchesAny = (patterns: readonly string[]) =>
    patterns.map(expandVariables(context)).some((each) => matchesArn(each, resource));
  if (NotResource !== undefined) return !matchesAny(NotResource);
  // A trust policy has no Resource element: it applies to its role.
  return Resource === undefined || matchesAny(Resource);
};

const matchPrincipal = (
  { Principal }: Statement,
  principal: PolicyPrincipal | undefined,
): 'allow' | 'account-delegated' | undefined => {
  if (principal === undefined) return 'allow';
  if (Principal === '*') return 'allow';
  const principals = Principal?.[principal.kind] ?? [];
  if (principals.some((name) => name === '*' || principal.names.includes(name))) return 'allow';
  return principals.some((name) => principal.accountNames.includes(name)) ? 'account-delegated' : undefined;
};

const evaluateStatement = (statement: Statement, query: PolicyQuery): PolicyDecision => {
  const grant = matchPrincipal(statement, query.principal);
  const isApplicable =
    grant !== undefined &&
    matchesAction(statement, query.action) &&
    matchesResource(statement, query) &&
    matchesConditions(statement.Condition, query.context, expandVariables(query.context));
  if (!isApplicable) return 'implicit-deny';
  return statement.Effect === 'Deny' ? 'deny' : grant;
};

/** The decision of a set of policies; an explicit deny overrides every allow. */
export const evaluatePolicies = (policies: readonly Policy[], query: PolicyQuery): PolicyDecision => {
  const decisions = policies.flatMap(({ Statement }) => Statement.map((each) => evaluateStatement(each, query)));
  const precedence: readonly PolicyDecision[] = ['deny', 'allow', 'account-delegated'];
  return precedence.find((decision) => decisions.includes(decision)) ?? 'implicit-deny';
};

/** Whether a role's trust policy allows a federated identity or a service to assume it. */
export const allowsPrincipal = (
  trust: Policy,
  principal: PolicyPrincipal,
  action: string,
  context: ConditionContext,
): boolean => evaluatePolicies([trust], { action, resource: '*', context, principal }) === 'allow';
