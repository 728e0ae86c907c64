import { boolean, choice, lines, list, string } from '@aws-delivery/action-kit/inputs/definition';

const exportGroup = 'Export';
const guardGroup = 'Checks';
const secretsGroup = 'Secrets and parameters';

/** Inputs for the export of credentials, the guards, the secrets and the parameters. */
export const exportInputs = {
  'output-env-credentials': boolean({
    group: exportGroup,
    help: 'Export the credentials as environment variables for later steps. When empty, they are exported unless `aws-profile` is set.',
  }),
  'output-credentials': boolean({
    group: exportGroup,
    default: false,
    help: 'Set the access keys as outputs of the step. Masked outputs are not available in other jobs.',
  }),
  'aws-profile': string({
    group: exportGroup,
    help: 'Write the credentials to this profile in the shared AWS config and credentials files. The profile is removed when the job ends.',
  }),
  'overwrite-aws-profile': boolean({
    group: exportGroup,
    default: false,
    help: 'Replace an existing profile of the same name, which is restored when the job ends. With `false`, an existing profile fails the step.',
  }),
  refresh: boolean({
    group: exportGroup,
    default: false,
    help: 'Renew the session automatically, for jobs that take longer than the session. Later steps get a profile or a token file that the SDKs use to get new credentials; access keys are not exported.',
  }),
  'allowed-account-ids': list({
    group: guardGroup,
    help: 'IDs of the accounts that the credentials are allowed to belong to. Credentials of another account fail the step before anything is exported. When empty, any account is allowed.',
  }),
  'mask-aws-account-id': boolean({
    group: guardGroup,
    default: false,
    help: 'Mask the account ID and the ARN of the caller in the log. Masked outputs are not available in other jobs.',
  }),
  'expected-subjects': lines({
    group: guardGroup,
    help: '`sub` claims that the trust policy of the role accepts, with `*` and `?` as in `StringLike`. When access is denied, the action compares the `sub` claim of the token with them to find the cause.',
  }),
  'secret-ids': lines({
    group: secretsGroup,
    help: 'Secrets Manager secrets to export as environment variables: a name, an ARN, or a prefix followed by `*`. The variable is named after the secret, or as in `VARIABLE, name`.',
  }),
  'parse-json-secrets': boolean({
    group: secretsGroup,
    default: false,
    help: 'Export each key of a JSON secret as a separate variable, for example `MY_SECRET_MY_KEY`, or `MY_KEY` for a line of `secret-ids` that begins with a comma.',
  }),
  'parameter-names': lines({
    group: secretsGroup,
    help: 'Systems Manager parameters to export as environment variables: a name, an ARN, or a path followed by `/*`. The variable is named after the parameter, or as in `VARIABLE, name`. SecureStrings are decrypted and masked.',
  }),
  'name-transformation': choice(
    'uppercase',
    'lowercase',
    'none',
  )({
    group: secretsGroup,
    default: 'uppercase',
    help: 'Case of variables that are named after a secret, a key or a parameter. `none` keeps the case. Other characters than letters, digits and `_` always become `_`.',
  }),
} as const;
