import {
  boolean,
  document,
  duration,
  list,
  mapping,
  string,
  verbatimDocument,
} from '@aws-delivery/action-kit/inputs/definition';

const group = 'Roles';

/** Inputs for the roles to assume and their sessions. */
export const roleInputs = {
  'role-arn': string({
    group,
    aliases: { 'role-to-assume': '%' },
    help: 'Role to assume: an ARN, or a name (with its path) if `account-id` is set or the account is known. If `role-chain` is also empty, no role is assumed.',
  }),
  'role-chain': verbatimDocument({
    group,
    help: 'Roles to assume after `role-arn`, in order: a list of ARNs, names, or mappings `{ role-arn, external-id, duration, session-name }`.',
  }),
  'account-id': string({
    group,
    help: 'Account ID for roles that are given by name. When empty, the account of the previous role or of the starting credentials is used.',
  }),
  'role-duration': duration({
    group,
    default: 3600,
    aliases: { 'role-duration-seconds': '%' },
    help: 'Duration of a session, from 15m to 12h. AWS limits the sessions of chained roles to one hour.',
  }),
  'role-external-id': string({
    group,
    help: 'External ID for roles that are assumed with credentials. An `external-id` in `role-chain` takes precedence.',
  }),
  'role-session-name': string({
    group,
    default: 'GitHubActions',
    help: 'Role session name, which CloudTrail shows. Characters that AWS does not allow are replaced with `-`.',
  }),
  'role-skip-session-tagging': boolean({
    group,
    default: false,
    help: 'Do not send session tags. The permission `sts:TagSession` is then not required.',
  }),
  tags: mapping({
    group,
    aliases: { 'custom-tags': '%' },
    help: 'Session tags to add to those of the workflow. They apply only to roles that are assumed with credentials: with an OIDC token, AWS uses only the tags in the token.',
  }),
  'transitive-tag-keys': list({
    group,
    help: 'Keys of the session tags that are passed to the following roles of the chain.',
  }),
  'inline-session-policy': document({
    group,
    help: 'IAM policy that limits the permissions of the session of the last role.',
  }),
  'managed-session-policies': list({
    group,
    help: 'ARNs of managed policies that limit the permissions of the session of the last role.',
  }),
} as const;
