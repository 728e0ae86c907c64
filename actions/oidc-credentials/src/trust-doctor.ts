import type { DeliveryError } from '@aws-delivery/action-kit/error';
import { audiencesOf, type Claims, expiryOf, textClaim } from './claims.js';
import type { Diagnosis } from './diagnosis.js';
import { accountIn } from './hop.js';
import { partitionIn } from './identity.js';
import { isLike, otherForm, subjectForm } from './subject.js';
import { examineTrust, providerOf, trustStatement } from './trust-policy.js';

/** A role that did not let a token in, and what is known about both. */
export interface Case {
  readonly role: string;
  readonly error: DeliveryError;
  readonly claims: Claims;
  /** Patterns of `expected-subjects`. */
  readonly expectedSubjects: readonly string[];
  /** The role's trust policy, where it could be read. */
  readonly policy: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const TELLING = [
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

const claimRows = (claims: Claims): Diagnosis['claims'] =>
  TELLING.flatMap((name) => {
    const value = claims[name];
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });

const FORMS = {
  immutable:
    "the token's sub is of the immutable form (names with ids): a trust policy with names alone does not fit it",
  names: "the token's sub names the repository without ids: a trust policy with ids (name@123) does not fit it",
  other:
    "the token's sub has a form of its own, customised or of another issuer: the trust policy must have it exactly",
} as const;

const formFinding = ({ claims }: Case): readonly string[] => {
  const subject = textClaim(claims, 'sub');
  return subject === undefined ? ['the token has no sub'] : [FORMS[subjectForm(subject)]];
};

const expectationFinding = ({ claims, expectedSubjects }: Case): readonly string[] => {
  const subject = textClaim(claims, 'sub') ?? '';
  if (expectedSubjects.length === 0) return [];
  if (expectedSubjects.some((pattern) => isLike(subject, pattern))) {
    return [
      "sub fits 'expected-subjects': if these are the role's, look at aud, at the provider and at other conditions",
    ];
  }
  const cased = expectedSubjects.find((pattern) => isLike(subject.toLowerCase(), pattern.toLowerCase()));
  if (cased !== undefined) return [`sub differs from '${cased}' in upper and lower case only, which AWS tells apart`];
  const other = otherForm(subject, claims) ?? '';
  const form = expectedSubjects.find((pattern) => isLike(other, pattern));
  if (form !== undefined) return [`'${form}' expects the other form of sub: put the token's own beside it`];
  return [`sub fits none of 'expected-subjects': ${expectedSubjects.join(', ')}`];
};

const policyFinding = ({ claims, policy }: Case): readonly string[] => {
  if (policy === undefined) return [];
  const finding = examineTrust(policy, claims);
  switch (finding.kind) {
    case 'no-statement':
      return [`the role's trust policy has no statement that lets ${providerOf(claims)} in`];
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

/** What the token itself gives away about usual mistakes. */
const causes = ({ claims, error, now }: Case): readonly string[] => {
  const found: string[] = [];
  const expiry = expiryOf(claims);
  const environment = textClaim(claims, 'environment');
  const audiences = audiencesOf(claims);
  if (expiry !== undefined && expiry <= now) {
    found.push(`the token ended at ${new Date(expiry).toISOString()}: fetch one right before this step`);
  }
  if (/audience/iu.test(error.message)) {
    found.push(
      `the identity provider in IAM does not list the audience ${audiences.join(', ')}: add it there, or set 'audience'`,
    );
  }
  if (/no openidconnect provider/iu.test(error.message)) {
    found.push(
      `the account has no identity provider for ${providerOf(claims)}: create it in IAM, once for each account`,
    );
  }
  if (environment !== undefined) {
    found.push(`the job names the environment '${environment}', so sub ends in it and holds neither branch nor tag`);
  }
  if (claims['event_name'] === 'pull_request') {
    found.push('for pull requests sub ends in pull_request, not in a branch; from forks there is no token at all');
  }
  return found;
};

const ALWAYS =
  "also usual: the role's name or account is misspelt (AWS answers the same), upper and lower case differ, or the role was made seconds ago";

const statements = ({ role, claims }: Case): Diagnosis['statements'] => {
  const [provider, subject] = [providerOf(claims), textClaim(claims, 'sub')];
  const [audience] = audiencesOf(claims);
  if (provider === undefined || subject === undefined || audience === undefined) return [];
  const common = { partition: partitionIn(role), account: accountIn(role), provider, audience };
  const own = { title: 'The statement that lets this token in', json: trustStatement({ ...common, subject }) };
  const other = otherForm(subject, claims);
  if (other === undefined) return [own];
  const form = subjectForm(subject) === 'immutable' ? 'names alone' : 'ids that outlive a rename';
  const json = trustStatement({ ...common, subject: other });
  return [own, { title: `The same for a sub with ${form}, should the repository's setting change`, json }];
};

/** Says why a role did not let a token in, as far as the two can tell, and what to write into its trust policy. */
export const diagnose = (patient: Case): Diagnosis => ({
  reason: `${patient.error.message}; the log shows the token's claims and the trust-policy statement it needs`,
  findings: [
    ...policyFinding(patient),
    ...expectationFinding(patient),
    ...formFinding(patient),
    ...causes(patient),
    ALWAYS,
  ],
  claims: claimRows(patient.claims),
  statements: statements(patient),
});
