import { boolean, choice, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Authentication';

/** Inputs for the source of the first credentials. */
export const sourceInputs = {
  'aws-region': string({
    group,
    required: true,
    help: 'AWS Region, for example `eu-central-1`. It also determines the partition.',
  }),
  'token-source': choice(
    'auto',
    'github',
    'variable',
    'file',
  )({
    group,
    default: 'auto',
    help: "Source of the OIDC token: GitHub's OIDC endpoint, an environment variable, or a file. `auto` uses the first available source, or the default credential chain if no token is available, and logs it.",
  }),
  'token-variable': string({
    group,
    help: 'Name of the environment variable that contains the OIDC token, on hosts that provide one (GitLab `id_tokens`, `BITBUCKET_STEP_OIDC_TOKEN`, `CIRCLE_OIDC_TOKEN_V2`).',
  }),
  'web-identity-token-file': string({
    group,
    help: 'Path of a file that contains the OIDC token, relative to the workspace. The file is read again for each attempt.',
  }),
  audience: string({
    group,
    default: 'sts.amazonaws.com',
    help: "Audience of the token from GitHub's OIDC endpoint. The IAM identity provider must list this audience.",
  }),
  'aws-access-key-id': string({ group, secret: true, help: 'Access key ID to use instead of an OIDC token.' }),
  'aws-secret-access-key': string({ group, secret: true, help: 'Secret access key for `aws-access-key-id`.' }),
  'aws-session-token': string({
    group,
    secret: true,
    help: 'Session token for `aws-access-key-id`. Required only for temporary credentials.',
  }),
  'role-chaining': boolean({
    group,
    default: false,
    help: 'Use the existing AWS credentials to assume the role, even if an OIDC token is available.',
  }),
  'force-skip-oidc': boolean({
    group,
    default: false,
    help: "Do not request a token from GitHub's OIDC endpoint, even if the endpoint is available.",
  }),
  'use-existing-credentials': boolean({
    group,
    default: false,
    help: 'Keep the existing AWS credentials if they are valid, and export only the Region. The account and partition checks still apply. If there are no valid credentials, new ones are requested.',
  }),
  'unset-current-credentials': boolean({
    group,
    default: false,
    help: 'Ignore access keys in the environment, and set their variables to empty for later steps.',
  }),
} as const;
