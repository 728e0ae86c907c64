import { boolean, choice, list, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'The repository';

export const repositoryInputs = {
  'create-repository': boolean({
    group,
    default: false,
    help: 'Create the repository where it is missing, with the settings below.',
  }),
  'on-drift': choice(
    'warn',
    'fix',
  )({
    group,
    default: 'warn',
    help: 'When a repository that exists has other settings than those given here: warn, or change them. Encryption cannot be changed.',
  }),
  'tag-mutability': choice(
    'MUTABLE',
    'IMMUTABLE',
    'MUTABLE_WITH_EXCLUSION',
    'IMMUTABLE_WITH_EXCLUSION',
  )({ group, help: 'Whether tags may move.' }),
  'tag-exclusions': list({
    group,
    default: [],
    help: 'Tags with `*`, at most five, that are treated the other way round; for the two values `WITH_EXCLUSION`.',
  }),
  'scan-on-push': boolean({ group, help: 'Whether basic scanning begins with each push.' }),
  encryption: choice('AES256', 'KMS', 'KMS_DSSE')({ group, help: 'Encryption of a new repository.' }),
  'kms-key-id': string({ group, help: 'Key for it; without one, AWS’s own.' }),
  'lifecycle-policy': string({ group, help: 'Lifecycle policy: JSON, or the path of a file with it.' }),
  'repository-policy': string({ group, help: 'Repository policy: JSON, or the path of a file with it.' }),
  'repository-tags': mapping({ group, default: {}, help: 'AWS tags of the repository.' }),
} as const;
