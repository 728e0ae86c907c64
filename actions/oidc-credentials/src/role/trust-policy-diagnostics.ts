import { type Claims, getAudiences, getExpiry, getStringClaim } from '../token/claims.js';
import { classifySubject, convertSubject, isLike } from '../token/subject.js';
import { getArnAccount, getArnPartition } from './arn.js';
import type { TrustDenial } from './role-chain.js';
import { compareTrustPolicy, formatTrustStatement, getProvider } from './trust-policy.js';

/** Explanation of a rejected token. Plain text that contains values of the token. */
export interface TrustDiagnosis {
  readonly reason: string;
  readonly findings: readonly string[];
  readonly claims: readonly (readonly [name: string, value: string])[];
  /** Trust policy statements that accept the token, the one for its own form of `sub` first. */
  readonly statements: readonly { readonly title: string; readonly json: string }[];
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
  immutable:
    "the token's sub is of the immutable form (names with ids): a trust policy with names alone does not fit it",
  names: "the token's sub names the repository without ids: a trust policy with ids (name@123) does not fit it",
  other:
    "the token's sub has a form of its own, customised or of another issuer: the trust policy must have it exactly",
} as const;

const checkSubjectForm = ({ claims }: DiagnosisInput): readonly string[] => {
  const subject = getStringClaim(claims, 'sub');
  return subject === undefined ? ['the token has no sub'] : [FORM_FINDINGS[classifySubject(subject)]];
};

const checkExpectedSubjects = ({ claims, expectedSubjects }: DiagnosisInput): readonly string[] => {
  const subject = getStringClaim(claims, 'sub') ?? '';
  if (expectedSubjects.length === 0) return [];
  if (expectedSubjects.some((pattern) => isLike(subject, pattern))) {
    return [
      "sub fits 'expected-subjects': if these are the role's, look at aud, at the provider and at other conditions",
    ];
  }
  const caseVariant = expectedSubjects.find((pattern) => isLike(subject.toLowerCase(), pattern.toLowerCase()));
  if (caseVariant !== undefined)
    return [`sub differs from '${caseVariant}' in upper and lower case only, which AWS tells apart`];
  const otherSubject = convertSubject(subject, claims) ?? '';
  const otherFormPattern = expectedSubjects.find((pattern) => isLike(otherSubject, pattern));
  if (otherFormPattern !== undefined)
    return [`'${otherFormPattern}' expects the other form of sub: put the token's own beside it`];
  return [`sub fits none of 'expected-subjects': ${expectedSubjects.join(', ')}`];
};

const checkTrustPolicy = ({ claims, policy }: DiagnosisInput): readonly string[] => {
  if (policy === undefined) return [];
  const finding = compareTrustPolicy(policy, claims);
  switch (finding.kind) {
    case 'no-statement':
      return [`the role's trust policy has no statement that lets ${getProvider(claims)} in`];
    case 'nothing-found':
      return [
        "the role's trust policy fits the token's claims as far as they were compared: look at its other conditions",
      ];
    case 'mismatches':
      return finding.mismatches.map(
        ({ claim, operator, expected, actual }) =>
          `the role's trust policy wants ${claim} ${operator} ${expected.join(' or ')}, and the token has ${actual.join(', ') || 'none'}`,
      );
  }
};

/** Common mistakes that the token or the error message shows. */
const findCommonCauses = ({ claims, error, now }: DiagnosisInput): readonly string[] => {
  const findings: string[] = [];
  const expiry = getExpiry(claims);
  const environment = getStringClaim(claims, 'environment');
  const audiences = getAudiences(claims);
  if (expiry !== undefined && expiry <= now) {
    findings.push(`the token ended at ${new Date(expiry).toISOString()}: fetch one right before this step`);
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
  if (environment !== undefined) {
    findings.push(`the job names the environment '${environment}', so sub ends in it and holds neither branch nor tag`);
  }
  if (claims['event_name'] === 'pull_request') {
    findings.push('for pull requests sub ends in pull_request, not in a branch; from forks there is no token at all');
  }
  return findings;
};

const COMMON_CAUSES =
  "also usual: the role's name or account is misspelt (AWS answers the same), upper and lower case differ, or the role was made seconds ago";

const buildStatements = ({ roleArn, claims }: DiagnosisInput): TrustDiagnosis['statements'] => {
  const [provider, subject] = [getProvider(claims), getStringClaim(claims, 'sub')];
  const [audience] = getAudiences(claims);
  if (provider === undefined || subject === undefined || audience === undefined) return [];
  const common = { partition: getArnPartition(roleArn), account: getArnAccount(roleArn), provider, audience };
  const statement = {
    title: 'The statement that lets this token in',
    json: formatTrustStatement({ ...common, subject }),
  };
  const otherSubject = convertSubject(subject, claims);
  if (otherSubject === undefined) return [statement];
  const formLabel = classifySubject(subject) === 'immutable' ? 'names alone' : 'ids that outlive a rename';
  const json = formatTrustStatement({ ...common, subject: otherSubject });
  return [statement, { title: `The same for a sub with ${formLabel}, should the repository's setting change`, json }];
};

/** Explains why AWS rejected a token, and generates the trust policy statements that accept it. */
export const diagnose = (denial: DiagnosisInput): TrustDiagnosis => ({
  reason: `${denial.error.message}; the log shows the token's claims and the trust-policy statement it needs`,
  findings: [
    ...checkTrustPolicy(denial),
    ...checkExpectedSubjects(denial),
    ...checkSubjectForm(denial),
    ...findCommonCauses(denial),
    COMMON_CAUSES,
  ],
  claims: listClaims(denial.claims),
  statements: buildStatements(denial),
});
