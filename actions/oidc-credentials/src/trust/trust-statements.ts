import { isLike } from '@aws-delivery/action-kit/util/wildcard';
import { getArnAccount, getArnPartition } from '../role/arn.js';
import { type Claims, getAudiences, getStringClaim } from '../token/claims.js';
import { classifySubject, convertSubject } from '../token/subject.js';
import { formatTrustStatement, getProvider } from './trust-policy.js';

/** A trust policy statement to add to a role. */
export interface SuggestedStatement {
  readonly title: string;
  readonly json: string;
  /** What the statement trusts beyond the current job; undefined if nothing needs attention. */
  readonly warning: string | undefined;
}

export interface StatementOptions {
  readonly roleArn: string;
  readonly claims: Claims;
  /** Subjects that the role trusts, as far as known. */
  readonly trustedSubjects: readonly string[];
  /** Claims with conditions in the current trust policy that the statement does not contain. */
  readonly omittedClaims: readonly string[];
}

/** Without an environment, every run of the same ref or every pull request has the same subject. */
const describeScope = (claims: Claims, subject: string): string | undefined => {
  if (classifySubject(subject) === 'other' || getStringClaim(claims, 'environment') !== undefined) return undefined;
  const scope = subject.endsWith(':pull_request')
    ? 'every pull request of the repository'
    : `every job on ${getStringClaim(claims, 'ref') ?? 'this ref'}`;
  return `The statement trusts ${scope}, without the protection rules of an environment. If the role is for an environment, set \`environment:\` on the job instead.`;
};

const MAX_SHOWN_SUBJECTS = 5;

/** Undefined if nothing is known, or if the role trusts the subject in one of its forms. */
const describeAddition = (subjects: readonly string[], trustedSubjects: readonly string[]): string | undefined => {
  const isTrusted = trustedSubjects.some((pattern) => subjects.some((subject) => isLike(subject, pattern)));
  if (isTrusted || trustedSubjects.length === 0) return undefined;
  const shown = trustedSubjects.slice(0, MAX_SHOWN_SUBJECTS).join(', ');
  const rest = trustedSubjects.length - MAX_SHOWN_SUBJECTS;
  return `The role trusts ${shown}${rest > 0 ? ` (${rest} more)` : ''}. Add the statement only if this job is meant to use the role, too.`;
};

const describeOmissions = (omittedClaims: readonly string[]): string | undefined =>
  omittedClaims.length === 0
    ? undefined
    : `The role's trust policy also has conditions on ${omittedClaims.join(', ')}. Copy them, otherwise the statement is weaker than the policy.`;

const joinSentences = (...sentences: readonly (string | undefined)[]): string | undefined =>
  sentences.filter((sentence) => sentence !== undefined).join(' ') || undefined;

/** Statements that accept exactly the token's subject, in its own form and in GitHub's other form. */
export const suggestStatements = (options: StatementOptions): readonly SuggestedStatement[] => {
  const { roleArn, claims, trustedSubjects, omittedClaims } = options;
  const [provider, subject] = [getProvider(claims), getStringClaim(claims, 'sub')];
  const [audience] = getAudiences(claims);
  if (provider === undefined || subject === undefined || audience === undefined) return [];
  const common = { partition: getArnPartition(roleArn), account: getArnAccount(roleArn), provider, audience };
  const otherSubject = convertSubject(subject, claims);
  const statement: SuggestedStatement = {
    title: 'Trust policy statement for this token',
    json: formatTrustStatement({ ...common, subject }),
    warning: joinSentences(
      describeAddition([subject, otherSubject ?? subject], trustedSubjects),
      describeScope(claims, subject),
      describeOmissions(omittedClaims),
    ),
  };
  if (otherSubject === undefined) return [statement];
  const json = formatTrustStatement({ ...common, subject: otherSubject });
  const other: SuggestedStatement =
    classifySubject(subject) === 'immutable'
      ? {
          title: 'The same statement for a sub with names only, in case the repository setting changes',
          json,
          warning: 'Names are weaker than IDs: another repository can get the same name after a rename or deletion.',
        }
      : {
          title: 'The same statement for a sub with IDs, in case the repository setting changes',
          json,
          warning: undefined,
        };
  return [statement, other];
};
