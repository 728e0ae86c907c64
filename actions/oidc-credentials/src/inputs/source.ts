import { boolean, choice, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Who you are';

/** Inputs for the source of the first credentials. */
export const sourceInputs = {
  'aws-region': string({
    group,
    required: true,
    help: 'The Region, for example `eu-central-1`; it also decides the partition.',
  }),
  'token-source': choice(
    'auto',
    'github',
    'variable',
    'file',
  )({
    group,
    default: 'auto',
    help: "Where the OIDC token comes from: GitHub's endpoint, an environment variable, or a file. `auto` takes the first that is there, else the ambient credentials, and says so.",
  }),
  'token-variable': string({
    group,
    help: 'Name of the environment variable that holds the OIDC token, on hosts that give one (GitLab `id_tokens`, `BITBUCKET_STEP_OIDC_TOKEN`, `CIRCLE_OIDC_TOKEN_V2`).',
  }),
  'web-identity-token-file': string({
    group,
    help: 'Path of a file that holds the OIDC token, relative to the workspace; read again for every attempt.',
  }),
  audience: string({
    group,
    default: 'sts.amazonaws.com',
    help: "The audience to ask GitHub's endpoint for; the identity provider in IAM must list it.",
  }),
  'aws-access-key-id': string({ group, secret: true, help: 'Access key to start from, instead of a token.' }),
  'aws-secret-access-key': string({ group, secret: true, help: 'Secret key that belongs to `aws-access-key-id`.' }),
  'aws-session-token': string({ group, secret: true, help: 'Session token that belongs to `aws-access-key-id`.' }),
  'role-chaining': boolean({
    group,
    default: false,
    help: 'Start from the credentials that are in place already, even where a token could be had.',
  }),
  'force-skip-oidc': boolean({
    group,
    default: false,
    help: "Never ask GitHub's token endpoint, even where it is there.",
  }),
  'use-existing-credentials': boolean({
    group,
    default: false,
    help: 'Keep the credentials that are in place when they work and pass the guards; only the Region is exported then.',
  }),
  'unset-current-credentials': boolean({
    group,
    default: false,
    help: 'Ignore keys that are in the environment, and blank them for later steps.',
  }),
} as const;
