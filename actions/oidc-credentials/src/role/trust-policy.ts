import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { type Claims, getAudiences, getStringClaim } from '../token/claims.js';
import { isLike } from '../token/subject.js';

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

const compareCondition = (operator: string, key: string, expected: readonly string[], claims: Claims): Mismatch[] => {
  const claim = key.slice(key.lastIndexOf(':') + 1);
  const name = operator
    .toLowerCase()
    .replace(/^for(?:any|all)values?:/u, '')
    .replace(/ifexists$/u, '');
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

const isForProvider = (statement: unknown, provider: string): statement is Readonly<Record<string, unknown>> =>
  isRecord(statement) &&
  statement['Effect'] === 'Allow' &&
  isRecord(statement['Principal']) &&
  listStrings(statement['Principal']['Federated']).some((arn) => arn.endsWith(`oidc-provider/${provider}`)) &&
  listStrings(statement['Action']).some((action) => isLike('sts:AssumeRoleWithWebIdentity', action));

const findMismatches = (statement: Readonly<Record<string, unknown>>, provider: string, claims: Claims): Mismatch[] => {
  const condition = isRecord(statement['Condition']) ? statement['Condition'] : {};
  return Object.entries(condition).flatMap(([operator, conditions]) =>
    Object.entries(isRecord(conditions) ? conditions : {})
      .filter(([key]) => key.startsWith(`${provider}:`))
      .flatMap(([key, expected]) => compareCondition(operator, key, listStrings(expected), claims)),
  );
};

/** Compares a trust policy with a token; the mismatches are those of the statement with the fewest. */
export const compareTrustPolicy = (policy: unknown, claims: Claims): TrustFinding => {
  const provider = getProvider(claims);
  const document = isRecord(policy) ? policy['Statement'] : undefined;
  const statements = Array.isArray(document) ? document : [document];
  if (provider === undefined) return { kind: 'nothing-found' };
  const candidates = statements
    .filter((statement) => isForProvider(statement, provider))
    .map((statement) => findMismatches(statement, provider, claims))
    .sort((a, b) => a.length - b.length);
  const [closest] = candidates;
  if (closest === undefined) return { kind: 'no-statement' };
  return closest.length === 0 ? { kind: 'nothing-found' } : { kind: 'mismatches', mismatches: closest };
};
