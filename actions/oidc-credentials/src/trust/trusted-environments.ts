import { isLike } from '@aws-delivery/action-kit/util/wildcard';
import { type Claims, getStringClaim } from '../token/claims.js';
import { convertSubject } from '../token/subject.js';

/** `repo:octocat/my-repo:environment:production`: the repository, then the context of the job. */
const SUBJECT = /^(repo:[^:]+:)(.+)$/u;
/** A custom subject continues after the environment. Colons in its name are encoded. */
const ENVIRONMENT = /^environment:([^:]+)/u;

const parseSubject = (subject: string): { readonly repository: string; readonly context: string } | undefined => {
  const [, repository, context] = SUBJECT.exec(subject) ?? [];
  return repository === undefined || context === undefined ? undefined : { repository, context };
};

/**
 * The environments that a role requires, as patterns of IAM (`production`, `prod-*`): those of the trusted subjects of
 * the token's repository, in either form of `sub`. Empty if the role trusts the token's own subject, other jobs of the
 * repository, or none of them.
 */
export const findRequiredEnvironments = (claims: Claims, trustedSubjects: readonly string[]): readonly string[] => {
  const subject = getStringClaim(claims, 'sub') ?? '';
  if (trustedSubjects.some((pattern) => isLike(subject, pattern))) return [];
  const repositories = [subject, convertSubject(subject, claims) ?? ''].flatMap(
    (form) => parseSubject(form)?.repository.toLowerCase() ?? [],
  );
  const contexts = trustedSubjects.flatMap((pattern) => {
    const trusted = parseSubject(pattern);
    if (trusted === undefined) return [];
    return repositories.some((repository) => isLike(repository, trusted.repository.toLowerCase()))
      ? [trusted.context]
      : [];
  });
  const environments = contexts.flatMap((context) => ENVIRONMENT.exec(context)?.[1] ?? []);
  return environments.length === contexts.length ? [...new Set(environments)] : [];
};

const formatHint = (environments: readonly string[]): string => {
  const [environment] = environments;
  const isLiteral = environments.length === 1 && !/[*?]/u.test(environment ?? '');
  return isLiteral ? `set \`environment: ${environment}\` on the job` : 'set `environment:` of the job to one of them';
};

/** Explains that the job does not run in an environment that the role requires; empty if it requires none. */
export const explainRequiredEnvironments = (claims: Claims, environments: readonly string[]): readonly string[] => {
  if (environments.length === 0) return [];
  const current = getStringClaim(claims, 'environment');
  const job = current === undefined ? 'this job names no `environment:`' : `this job names \`environment: ${current}\``;
  const trusted = environments.map((environment) => `\`environment:${environment}\``).join(' or ');
  return [
    `${job}, the role trusts only ${trusted}: ${formatHint(environments)}`,
    "adding the token's sub to the trust policy instead would bypass the protection rules of that environment",
  ];
};
