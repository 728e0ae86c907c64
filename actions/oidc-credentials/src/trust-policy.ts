import { isMapping } from '@aws-delivery/action-kit/parse';
import { audiencesOf, type Claims, textClaim } from './claims.js';
import { isLike } from './subject.js';

/** The issuer as IAM names its provider: without the scheme. */
export const providerOf = (claims: Claims): string | undefined =>
  textClaim(claims, 'iss')
    ?.replace(/^https?:\/\//u, '')
    .replace(/\/$/u, '');

export interface Statement {
  readonly partition: string;
  readonly account: string;
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
}

/** The statement of a trust policy that lets exactly this subject in, as JSON to paste. */
export const trustStatement = ({ partition, account, provider, audience, subject }: Statement): string =>
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

/** What a role's trust policy says to a token, as far as this can be told from its text. */
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

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');

const claimValues = (claims: Claims, claim: string): readonly string[] =>
  claim === 'aud' ? audiencesOf(claims) : textsIn(claims[claim]);

const mismatchOf = (operator: string, key: string, expected: readonly string[], claims: Claims): Mismatch[] => {
  const claim = key.slice(key.lastIndexOf(':') + 1);
  const name = operator
    .toLowerCase()
    .replace(/^for(?:any|all)values?:/u, '')
    .replace(/ifexists$/u, '');
  const holds = OPERATORS[name];
  if (holds === undefined) return [];
  const actual = claimValues(claims, claim);
  const isNegated = name.startsWith('stringnot');
  // What the token does not have cannot break these.
  if (actual.length === 0 && (isNegated || /ifexists$/iu.test(operator))) return [];
  // Of expected values one is enough; a negated operator must hold for all of them.
  const fits = (value: string): boolean =>
    isNegated ? expected.every((one) => holds(value, one)) : expected.some((one) => holds(value, one));
  return actual.some(fits) ? [] : [{ claim, operator, expected, actual }];
};

const isForProvider = (statement: unknown, provider: string): statement is Readonly<Record<string, unknown>> =>
  isMapping(statement) &&
  statement['Effect'] === 'Allow' &&
  isMapping(statement['Principal']) &&
  textsIn(statement['Principal']['Federated']).some((arn) => arn.endsWith(`oidc-provider/${provider}`)) &&
  textsIn(statement['Action']).some((action) => isLike('sts:AssumeRoleWithWebIdentity', action));

const mismatchesIn = (statement: Readonly<Record<string, unknown>>, provider: string, claims: Claims): Mismatch[] => {
  const condition = isMapping(statement['Condition']) ? statement['Condition'] : {};
  return Object.entries(condition).flatMap(([operator, tests]) =>
    Object.entries(isMapping(tests) ? tests : {})
      .filter(([key]) => key.startsWith(`${provider}:`))
      .flatMap(([key, expected]) => mismatchOf(operator, key, textsIn(expected), claims)),
  );
};

/** Compares a role's trust policy with a token: the statement that comes nearest is the one to mend. */
export const examineTrust = (policy: unknown, claims: Claims): TrustFinding => {
  const provider = providerOf(claims);
  const document = isMapping(policy) ? policy['Statement'] : undefined;
  const statements = Array.isArray(document) ? document : [document];
  if (provider === undefined) return { kind: 'nothing-found' };
  const candidates = statements
    .filter((statement) => isForProvider(statement, provider))
    .map((statement) => mismatchesIn(statement, provider, claims))
    .sort((a, b) => a.length - b.length);
  const [nearest] = candidates;
  if (nearest === undefined) return { kind: 'no-statement' };
  return nearest.length === 0 ? { kind: 'nothing-found' } : { kind: 'mismatches', mismatches: nearest };
};
