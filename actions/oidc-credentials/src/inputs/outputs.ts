/** Outputs of the action. */
export const outputs = {
  'aws-account-id': { help: 'ID of the account that the credentials belong to.' },
  'authenticated-arn': { help: 'ARN of the caller, as `GetCallerIdentity` returns it.' },
  'user-id': { help: 'Unique ID of the caller, for example `AROA…:session`.' },
  partition: { help: 'Partition of the credentials, for example `aws`, `aws-cn` or `aws-us-gov`.' },
  'aws-region': { help: 'AWS Region.' },
  'aws-expiration': {
    help: 'Expiration time of the credentials, in ISO 8601 format. Not set for credentials that do not expire.',
  },
  claims: {
    help: 'Claims of the OIDC token as JSON, if a token was used. Also set when access is denied or a check fails.',
  },
  'aws-access-key-id': { help: 'Access key ID. Set only with `output-credentials: true`.', secret: true },
  'aws-secret-access-key': { help: 'Secret access key. Set only with `output-credentials: true`.', secret: true },
  'aws-session-token': { help: 'Session token. Set only with `output-credentials: true`.', secret: true },
} as const;

/**
 * Environment variables that the action exports; `*` stands for the variables of secrets and parameters, whose secret values are masked when they are
 * read.
 */
export const environment = {
  AWS_REGION: { help: 'AWS Region.' },
  AWS_DEFAULT_REGION: { help: 'AWS Region, for tools that read this variable.' },
  AWS_ACCESS_KEY_ID: { help: 'Access key ID. Empty with `refresh`.', secret: true },
  AWS_SECRET_ACCESS_KEY: { help: 'Secret access key. Empty with `refresh`.', secret: true },
  AWS_SESSION_TOKEN: {
    help: 'Session token. Empty with `refresh`, and for credentials without a session token.',
    secret: true,
  },
  AWS_CREDENTIAL_EXPIRATION: { help: 'Expiration time of the credentials, in ISO 8601 format. Empty with `refresh`.' },
  AWS_PROFILE: {
    help: 'Name of the profile. Set with `refresh`, with `aws-profile` and `output-env-credentials: true`, or if it was already set: some SDKs prefer the profile to access keys, so the profile provides the same credentials.',
  },
  AWS_DEFAULT_PROFILE: {
    help: 'Same value as `AWS_PROFILE`, if it was already set. The AWS CLI prefers it to `AWS_PROFILE`.',
  },
  AWS_CONFIG_FILE: {
    help: 'Path of a private copy of the shared config file with one additional profile. Set with `AWS_PROFILE` if `aws-profile` is empty.',
  },
  AWS_SDK_LOAD_CONFIG: { help: 'Set to `1` with `AWS_PROFILE` so that older SDKs read the config file.' },
  AWS_WEB_IDENTITY_TOKEN_FILE: {
    help: 'Path of the token file. Set with `refresh` if the host keeps a token file up to date.',
  },
  AWS_ROLE_ARN: { help: 'ARN of the role. Set with `AWS_WEB_IDENTITY_TOKEN_FILE`.' },
  AWS_ROLE_SESSION_NAME: { help: 'Name of the role session. Set with `AWS_WEB_IDENTITY_TOKEN_FILE`.' },
  '*': {
    help: 'One variable for each secret in `secret-ids`, or for each key of a secret with `parse-json-secrets: true`, and for each parameter in `parameter-names`. Secrets and SecureStrings are masked.',
  },
} as const;
