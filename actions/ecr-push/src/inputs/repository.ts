import { boolean, choice, list, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Repository settings';

export const repositoryInputs = {
  'create-repository': boolean({
    group,
    default: false,
    help: 'Create the repository with the settings below if it does not exist. Empty settings get the defaults of ECR. In ECR Public, only `repository-tags` applies, and `repository` starts with the alias of the caller’s registry.',
  }),
  'on-drift': choice(
    'warn',
    'fix',
  )({
    group,
    default: 'warn',
    help: 'What to do when an existing repository has different settings: `warn` logs a warning, `fix` changes them. The encryption of an existing repository cannot be changed. Settings that are empty are not compared.',
  }),
  'tag-mutability': choice(
    'MUTABLE',
    'IMMUTABLE',
    'MUTABLE_WITH_EXCLUSION',
    'IMMUTABLE_WITH_EXCLUSION',
  )({ group, help: 'Tag mutability of the repository: whether existing tags can be moved.' }),
  'tag-exclusions': list({
    group,
    default: [],
    help: 'Up to five tag filters that exclude tags from the mutability setting; `*` is a wildcard. Requires `tag-mutability: MUTABLE_WITH_EXCLUSION` or `IMMUTABLE_WITH_EXCLUSION`.',
  }),
  'scan-on-push': boolean({ group, help: 'Start a basic scan on each push.' }),
  encryption: choice(
    'AES256',
    'KMS',
    'KMS_DSSE',
  )({ group, help: 'Encryption type of a new repository. When empty, the default of ECR applies.' }),
  'kms-key-id': string({
    group,
    help: 'KMS key for `encryption: KMS` or `KMS_DSSE`. When empty, the AWS managed key is used.',
  }),
  'lifecycle-policy': string({
    group,
    help: 'Lifecycle policy of the repository, as JSON or as the path of a JSON file.',
  }),
  'repository-policy': string({ group, help: 'Repository policy, as JSON or as the path of a JSON file.' }),
  'repository-tags': mapping({ group, default: {}, help: 'AWS resource tags of the repository.' }),
} as const;
