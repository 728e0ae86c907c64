import { isLike } from '@aws-delivery/action-kit/util/wildcard';
import type { TrustDenial } from '../role/role-chain.js';
import { type Claims, getAudiences, getExpiry, getStringClaim } from '../token/claims.js';
import { classifySubject, convertSubject } from '../token/subject.js';
import { compareTrustPolicy, getProvider, listConditionClaims, listTrustedValues } from './trust-policy.js';
import { type SuggestedStatement, suggestStatements } from './trust-statements.js';
import { explainRequiredEnvironments, findRequiredEnvironments } from './trusted-environments.js';

/** Explanation of a rejected token. Plain text that contains values of the token. */
export interface TrustDiagnosis {
  readonly reason: string;
  readonly findings: readonly string[];
  readonly claims: readonly (readonly [name: string, value: string])[];
  /**
   * Trust policy statements that accept the token, the one for its own form of `sub` first. Empty if the role requires
   * an environment: a statement would bypass its protection rules.
   */
  readonly statements: readonly SuggestedStatement[];
}

/** A denial with the data for its diagnosis. */
export interface DiagnosisInput extends Omit<TrustDenial, 'kind'> {
  /** Patterns of `expected-subjects`. */
  readonly expectedSubjects: readonly string[];
  /** The role's trust policy; undefined when it could not be read. */
  readonly policy: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const SHOWN_CLAIMS = [
  'iss',
  'aud',
  'sub',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'ref',
  'environment',
  'event_name',
  'workflow_ref',
  'job_workflow_ref',
  'actor',
  'runner_environment',
];

const listClaims = (claims: Claims): TrustDiagnosis['claims'] =>
  SHOWN_CLAIMS.flatMap((name) => {
    const value = claims[name];
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });

const FORM_FINDINGS = {
  immutable: "the token's sub contains repository IDs: a trust policy with names only will not match",
  names: "the token's sub contains names only: a trust policy that uses repository IDs (name@123) will not match",
  other: "the token's sub has a custom format: the trust policy must contain exactly this sub",
} as const;

const checkSubjectForm = ({ claims }: DiagnosisInput): readonly string[] => {
  const subject = getStringClaim(claims, 'sub');
  return subject === undefined ? ['the token has no sub claim'] : [FORM_FINDINGS[classifySubject(subject)]];
};

const checkExpectedSubjects = ({ claims, expectedSubjects }: DiagnosisInput): readonly string[] => {
  const subject = getStringClaim(claims, 'sub') ?? '';
  if (expectedSubjects.length === 0) return [];
  if (expectedSubjects.some((pattern) => isLike(subject, pattern))) {
    return [
      "sub matches 'expected-subjects': if the role trusts them, check aud, the identity provider and other conditions",
    ];
  }
  const caseVariant = expectedSubjects.find((pattern) => isLike(subject.toLowerCase(), pattern.toLowerCase()));
  if (caseVariant !== undefined) return [`sub differs from '${caseVariant}' only in case: IAM is case-sensitive`];
  const otherSubject = convertSubject(subject, claims) ?? '';
  const otherFormPattern = expectedSubjects.find((pattern) => isLike(otherSubject, pattern));
  if (otherFormPattern !== undefined) {
    return [`'${otherFormPattern}' expects the other format of sub: add the token's sub to the trust policy`];
  }
  return [`sub does not match 'expected-subjects': ${expectedSubjects.join(', ')}`];
};

const checkTrustPolicy = ({ claims, policy }: DiagnosisInput): readonly string[] => {
  if (policy === undefined) return [];
  const finding = compareTrustPolicy(policy, claims);
  switch (finding.kind) {
    case 'no-statement':
      return [
        `the role's trust policy has no statement that allows sts:AssumeRoleWithWebIdentity for ${getProvider(claims)}`,
      ];
    case 'nothing-found':
      return [
        "the role's trust policy matches the token's claims in all compared conditions: check its other conditions",
      ];
    case 'mismatches':
      return finding.mismatches.map(
        ({ claim, operator, expected, actual }) =>
          `the role's trust policy requires ${claim} ${operator} ${expected.join(' or ')}, but the token has ${actual.join(', ') || 'no such claim'}`,
      );
  }
};

const isGitHubSubject = (claims: Claims): boolean => classifySubject(getStringClaim(claims, 'sub') ?? '') !== 'other';

/** Common mistakes that the token or the error message shows. */
const findCommonCauses = ({ claims, error, now, policy, expectedSubjects }: DiagnosisInput): readonly string[] => {
  const findings: string[] = [];
  const expiry = getExpiry(claims);
  const environment = getStringClaim(claims, 'environment');
  const audiences = getAudiences(claims);
  if (expiry !== undefined && expiry <= now) {
    findings.push(
      `the token expired at ${new Date(expiry).toISOString()}: request a token immediately before this step`,
    );
  }
  if (/audience/iu.test(error.message)) {
    findings.push(
      `the identity provider in IAM does not list the audience ${audiences.join(', ')}: add it there, or set 'audience'`,
    );
  }
  if (/no openidconnect provider/iu.test(error.message)) {
    findings.push(
      `the account has no identity provider for ${getProvider(claims)}: create it in IAM, once for each account`,
    );
  }
  const isPolicyUnknown = policy === undefined && expectedSubjects.length === 0;
  if (isPolicyUnknown && environment === undefined && isGitHubSubject(claims)) {
    findings.push('this job names no `environment:`: a role that trusts an environment denies access to it');
  }
  if (environment !== undefined) {
    findings.push(
      `the job has the environment '${environment}': sub ends with it, and contains neither a branch nor a tag`,
    );
  }
  if (claims['event_name'] === 'pull_request') {
    findings.push(
      'for pull requests, sub ends with pull_request and contains no branch; fork pull requests get no token',
    );
  }
  return findings;
};

const COMMON_CAUSES =
  'other common causes: wrong role name or account (same error), case mismatch, or a role that was created seconds ago';

/** Subjects that the role trusts: those of its policy, or else those that are expected. */
const listTrustedSubjects = ({ claims, policy, expectedSubjects }: DiagnosisInput): readonly string[] => {
  const trustedSubjects = listTrustedValues(policy, claims, 'sub');
  return trustedSubjects.length > 0 ? trustedSubjects : expectedSubjects;
};

const findEnvironments = (denial: DiagnosisInput): readonly string[] => {
  const { claims, policy } = denial;
  const required = findRequiredEnvironments(claims, listTrustedSubjects(denial));
  if (required.length > 0) return required;
  const environments = listTrustedValues(policy, claims, 'environment');
  const current = getStringClaim(claims, 'environment');
  return environments.some((pattern) => current !== undefined && isLike(current, pattern)) ? [] : environments;
};

/**
 * Explains why AWS rejected a token, and generates the trust policy statements that accept it, unless they would bypass
 * an environment that the role requires.
 */
export const diagnose = (denial: DiagnosisInput): TrustDiagnosis => {
  const { roleArn, claims, policy, error } = denial;
  const environmentFindings = explainRequiredEnvironments(claims, findEnvironments(denial));
  const [cause = "see the log for the token's claims and the required trust policy statement"] = environmentFindings;
  const omittedClaims = listConditionClaims(policy, claims).filter((claim) => claim !== 'aud' && claim !== 'sub');
  return {
    reason: `${error.message}: ${cause}`,
    findings: [
      ...environmentFindings,
      ...checkTrustPolicy(denial),
      ...checkExpectedSubjects(denial),
      ...checkSubjectForm(denial),
      ...findCommonCauses(denial),
      COMMON_CAUSES,
    ],
    claims: listClaims(claims),
    statements:
      environmentFindings.length > 0
        ? []
        : suggestStatements({ roleArn, claims, trustedSubjects: listTrustedSubjects(denial), omittedClaims }),
  };
};
