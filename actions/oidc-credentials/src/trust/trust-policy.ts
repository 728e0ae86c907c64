import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { isLike } from '@aws-delivery/action-kit/util/wildcard';
import { type Claims, getAudiences, getStringClaim } from '../token/claims.js';

/** The issuer without its scheme, the name of its identity provider in IAM. */
export const getProvider = (claims: Claims): string | undefined =>
  getStringClaim(claims, 'iss')
    ?.replace(/^https?:\/\//u, '')
    .replace(/\/$/u, '');

export interface TrustStatement {
  readonly partition: string;
  readonly account: string;
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
}

/** The trust policy statement that accepts exactly this subject, as formatted JSON. */
export const formatTrustStatement = ({ partition, account, provider, audience, subject }: TrustStatement): string =>
  JSON.stringify(
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } },
    },
    null,
    2,
  );

/** A condition that the token does not meet. */
export interface Mismatch {
  readonly claim: string;
  readonly operator: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}

/** Result of comparing a trust policy with a token. `nothing-found`: the compared conditions match. */
export type TrustFinding =
  | { readonly kind: 'no-statement' }
  | { readonly kind: 'mismatches'; readonly mismatches: readonly Mismatch[] }
  | { readonly kind: 'nothing-found' };

/** A condition on a claim of the token. */
interface ClaimCondition {
  readonly claim: string;
  readonly operator: string;
  readonly expected: readonly string[];
}

const OPERATORS: Readonly<Record<string, (value: string, expected: string) => boolean>> = {
  stringequals: (value, expected) => value === expected,
  stringequalsignorecase: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
  stringlike: isLike,
  stringnotequals: (value, expected) => value !== expected,
  stringnotlike: (value, expected) => !isLike(value, expected),
};

const listStrings = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

const getClaimValues = (claims: Claims, claim: string): readonly string[] =>
  claim === 'aud' ? getAudiences(claims) : listStrings(claims[claim]);

/** `stringlike` of `ForAnyValue:StringLikeIfExists`. */
const normalizeOperator = (operator: string): string =>
  operator
    .toLowerCase()
    .replace(/^for(?:any|all)values?:/u, '')
    .replace(/ifexists$/u, '');

const compareCondition = ({ claim, operator, expected }: ClaimCondition, claims: Claims): Mismatch[] => {
  const name = normalizeOperator(operator);
  const holds = OPERATORS[name];
  if (holds === undefined) return [];
  const actual = getClaimValues(claims, claim);
  const isNegated = name.startsWith('stringnot');
  // A missing claim satisfies negated and IfExists operators.
  if (actual.length === 0 && (isNegated || /ifexists$/iu.test(operator))) return [];
  // One expected value must match; a negated operator must hold for all of them.
  const fits = (value: string): boolean =>
    isNegated ? expected.every((pattern) => holds(value, pattern)) : expected.some((pattern) => holds(value, pattern));
  return actual.some(fits) ? [] : [{ claim, operator, expected, actual }];
};

type Statement = Readonly<Record<string, unknown>>;

const isForProvider = (statement: unknown, provider: string): statement is Statement =>
  isRecord(statement) &&
  statement['Effect'] === 'Allow' &&
  isRecord(statement['Principal']) &&
  listStrings(statement['Principal']['Federated']).some((arn) => arn.endsWith(`oidc-provider/${provider}`)) &&
  listStrings(statement['Action']).some((action) => isLike('sts:AssumeRoleWithWebIdentity', action));

const listClaimConditions = (statement: Statement, provider: string): readonly ClaimCondition[] => {
  const condition = isRecord(statement['Condition']) ? statement['Condition'] : {};
  return Object.entries(condition).flatMap(([operator, conditions]) =>
    Object.entries(isRecord(conditions) ? conditions : {})
      .filter(([key]) => key.startsWith(`${provider}:`))
      .map(([key, expected]) => ({
        claim: key.slice(key.lastIndexOf(':') + 1),
        operator,
        expected: listStrings(expected),
      })),
  );
};

/** Conditions on claims in each statement that allows the token's provider. */
const listStatementConditions = (policy: unknown, claims: Claims): readonly (readonly ClaimCondition[])[] => {
  const provider = getProvider(claims);
  if (provider === undefined) return [];
  const document = isRecord(policy) ? policy['Statement'] : undefined;
  const statements: readonly unknown[] = Array.isArray(document) ? document : [document];
  return statements
    .filter((statement) => isForProvider(statement, provider))
    .map((statement) => listClaimConditions(statement, provider));
};

/** Compares a trust policy with a token; the mismatches are those of the statement with the fewest. */
export const compareTrustPolicy = (policy: unknown, claims: Claims): TrustFinding => {
  if (getProvider(claims) === undefined) return { kind: 'nothing-found' };
  const [closest] = listStatementConditions(policy, claims)
    .map((conditions) => conditions.flatMap((condition) => compareCondition(condition, claims)))
    .sort((a, b) => a.length - b.length);
  if (closest === undefined) return { kind: 'no-statement' };
  return closest.length === 0 ? { kind: 'nothing-found' } : { kind: 'mismatches', mismatches: closest };
};

/** Patterns that the trust policy accepts for a claim of the token's provider. */
export const listTrustedValues = (policy: unknown, claims: Claims, claim: string): readonly string[] =>
  listStatementConditions(policy, claims)
    .flat()
    .filter((condition) => condition.claim === claim && !normalizeOperator(condition.operator).startsWith('stringnot'))
    .flatMap(({ expected }) => expected);

/** Claims on which the trust policy has conditions. */
export const listConditionClaims = (policy: unknown, claims: Claims): readonly string[] => [
  ...new Set(
    listStatementConditions(policy, claims)
      .flat()
      .map(({ claim }) => claim),
  ),
];
