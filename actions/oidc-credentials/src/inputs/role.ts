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
    help: 'The role to assume: its ARN, or its name (with its path) when `account-id` is given or the account is known.',
  }),
  'role-chain': verbatimDocument({
    group,
    help: 'Roles to assume after `role-arn`, in order: a list of ARNs or names, or of mappings with `role-arn`, `external-id`, `duration` and `session-name`.',
  }),
  'account-id': string({ group, help: 'The account of roles that are given by name.' }),
  'role-duration': duration({
    group,
    default: 3600,
    aliases: { 'role-duration-seconds': '%' },
    help: 'How long a session lasts, from 15m to 12h. AWS caps sessions of chained roles at one hour.',
  }),
  'role-external-id': string({
    group,
    help: 'External id for roles assumed with credentials, unless a hop has its own.',
  }),
  'role-session-name': string({
    group,
    default: 'GitHubActions',
    help: 'Name of the session in CloudTrail; what AWS does not allow in it becomes `-`.',
  }),
  'role-skip-session-tagging': boolean({
    group,
    default: false,
    help: 'Send no session tags (then no `sts:TagSession` is needed).',
  }),
  tags: mapping({
    group,
    aliases: { 'custom-tags': '%' },
    help: 'Session tags beside those about the workflow. With a token, AWS takes tags from the token alone: they count for roles assumed with credentials.',
  }),
  'transitive-tag-keys': list({ group, help: 'Session tags that are carried on along the chain.' }),
  'inline-session-policy': document({
    group,
    help: 'A policy that narrows the session of the last role.',
  }),
  'managed-session-policies': list({
    group,
    help: 'ARNs of managed policies that narrow the session of the last role.',
  }),
} as const;
