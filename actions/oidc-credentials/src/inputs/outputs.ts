/** Outputs of the action. */
export const outputs = {
  'aws-account-id': { help: 'Account of the credentials.' },
  'authenticated-arn': { help: 'ARN of the caller.' },
  'user-id': { help: "The caller's unique id (`AROA…:session`)." },
  partition: { help: '`aws`, `aws-cn`, `aws-us-gov`, …' },
  'aws-region': { help: 'The Region.' },
  'aws-expiration': { help: 'When the credentials end, in ISO 8601; unset for those that do not.' },
  claims: { help: "The OIDC token's claims as JSON, when a token was used; set on failure too." },
  'aws-access-key-id': { help: 'With `output-credentials` only.', secret: true },
  'aws-secret-access-key': { help: 'With `output-credentials` only.', secret: true },
  'aws-session-token': { help: 'With `output-credentials` only.', secret: true },
} as const;

/** Environment variables that the action exports; `*` stands for the variables of secrets. */
export const environment = {
  AWS_REGION: { help: 'The Region.' },
  AWS_DEFAULT_REGION: { help: 'The Region, for tools that read this one.' },
  AWS_ACCESS_KEY_ID: { help: 'The credentials; blank with `refresh`.', secret: true },
  AWS_SECRET_ACCESS_KEY: { help: 'The credentials; blank with `refresh`.', secret: true },
  AWS_SESSION_TOKEN: { help: 'The credentials; blank when they have none.', secret: true },
  AWS_CREDENTIAL_EXPIRATION: { help: 'When they end, in ISO 8601.' },
  AWS_PROFILE: {
    help: 'With `refresh`, with `aws-profile` and `output-env-credentials: true`, or where one is set already: some SDKs take it before keys, so it leads to the same.',
  },
  AWS_DEFAULT_PROFILE: { help: 'The same, where it is set already: the AWS CLI puts it before `AWS_PROFILE`.' },
  AWS_CONFIG_FILE: {
    help: 'Beside `AWS_PROFILE`, without `aws-profile`: a private copy of the shared file with one profile more.',
  },
  AWS_SDK_LOAD_CONFIG: { help: 'Beside `AWS_PROFILE`: makes older SDKs read the configuration file.' },
  AWS_WEB_IDENTITY_TOKEN_FILE: { help: 'With `refresh`, where the host keeps a token file fresh.' },
  AWS_ROLE_ARN: { help: 'Beside `AWS_WEB_IDENTITY_TOKEN_FILE`.' },
  AWS_ROLE_SESSION_NAME: { help: 'Beside `AWS_WEB_IDENTITY_TOKEN_FILE`.' },
  '*': { help: 'One for each secret of `secret-ids`, named after it.', secret: true },
} as const;
