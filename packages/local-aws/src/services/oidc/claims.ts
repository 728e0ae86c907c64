import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

/** Claims of GitHub's tokens and any others; `sub` is derived from them unless it is given. */
export const claimsSchema = z.record(z.string(), z.union([z.string(), z.boolean(), z.number(), z.looseObject({})]));

export type Claims = z.output<typeof claimsSchema>;

/** The OIDC issuer's part of a scenario: GitHub's, or another CI system's. */
export const oidcScenario = z.strictObject({
  /** `local` is the server's own address, where the discovery document can be fetched. */
  issuer: z.string().default('https://token.actions.githubusercontent.com'),
  /** `immutable` adds ids to the names, as GitHub does for repositories created since 15 July 2026. */
  subject: z.enum(['name', 'immutable']).default('name'),
  lifetime: durationSchema.default(300_000),
  claims: claimsSchema.default({}),
});

export type OidcScenario = z.output<typeof oidcScenario>;

const DEFAULT_CLAIMS = {
  repository: 'octocat/my-repo',
  repository_id: '456789',
  repository_owner_id: '123456',
  repository_visibility: 'private',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  ref_protected: 'false',
  sha: '0123456789abcdef0123456789abcdef01234567',
  event_name: 'push',
  workflow: 'delivery',
  actor: 'octocat',
  actor_id: '123456',
  run_id: '1',
  run_number: '1',
  run_attempt: '1',
  head_ref: '',
  base_ref: '',
  runner_environment: 'github-hosted',
} satisfies Claims;

/** A job without environment has no such claim: an empty one removes the scenario's. */
const mergeClaims = (overrides: readonly Claims[]): Claims => {
  const { environment = '', ...claims }: Claims = Object.assign({}, DEFAULT_CLAIMS, ...overrides);
  return environment === '' ? claims : { ...claims, environment };
};

/** The context part of a subject: the environment, else `pull_request`, else the ref. */
const getSubjectContext = (claims: Claims): string => {
  if (claims['environment'] !== undefined) return `environment:${claims['environment']}`;
  return claims['event_name'] === 'pull_request' ? 'pull_request' : `ref:${claims['ref']}`;
};

const buildSubject = (claims: Claims, form: OidcScenario['subject']): string => {
  const [owner = '', name = ''] = String(claims['repository']).split('/');
  if (form === 'name') return `repo:${owner}/${name}:${getSubjectContext(claims)}`;
  const ids = [claims['repository_owner_id'], claims['repository_id']];
  return `repo:${owner}@${ids[0]}/${name}@${ids[1]}:${getSubjectContext(claims)}`;
};

/** All claims of a token except its times: GitHub's defaults, the overrides in order, and the derived claims. */
export const completeClaims = (form: OidcScenario['subject'], ...overrides: readonly Claims[]): Claims => {
  const claims = mergeClaims(overrides);
  const repository = String(claims['repository']);
  const workflowFile = `${repository}/.github/workflows/delivery.yml@${claims['ref']}`;
  return {
    repository_owner: repository.split('/')[0] ?? '',
    workflow_ref: workflowFile,
    workflow_sha: String(claims['sha']),
    job_workflow_ref: workflowFile,
    job_workflow_sha: String(claims['sha']),
    sub: buildSubject(claims, form),
    ...claims,
  };
};
