import { choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What is rolled out';

export const treeInputs = {
  mode: choice(
    'rollout',
    'preview',
    'revert',
    'cleanup',
  )({
    group,
    default: 'rollout',
    help: '`rollout` deploys what differs; `preview` shows it and writes nothing; `revert` takes the latest rollout back; `cleanup` removes what this action made.',
  }),
  tree: string({
    group,
    help: 'Folder with `template/<Profile>.<ext>` and `tenants/<tenant>/<environment>/<Profile>.<ext>`: a tenant is an application, a file name without its ending a configuration profile. The tenant’s file wins over the template’s. `appconfig.yml` and `schemas/<Profile>.schema.json` in it say more.',
  }),
  application: string({ group, help: 'In place of `tree`: the application of one file.' }),
  environment: string({ group, help: 'In place of `tree`: its environment.' }),
  profile: string({ group, help: 'In place of `tree`: its configuration profile.' }),
  'profile-type': choice(
    'AWS.Freeform',
    'AWS.AppConfig.FeatureFlags',
  )({
    group,
    default: 'AWS.Freeform',
    help: 'Type of that profile. In a tree `appconfig.yml` says it.',
  }),
  file: string({ group, help: 'In place of `tree`: the file. `.json`, `.yaml`, `.yml`, or text.' }),
  merge: choice(
    'replace',
    'deep',
  )({
    group,
    default: 'replace',
    help: 'A tenant’s file beside one of the template: it replaces it whole, or is merged into it (maps are merged, lists replaced, `null` removes a key).',
  }),
} as const;

const selection = 'Which part of it';

export const selectionInputs = {
  environments: list({
    group: selection,
    default: [],
    help: 'The environments that every tenant has, with or without a folder, such as `dev, qa`. Without it: the folders found.',
  }),
  tenants: list({ group: selection, default: [], help: 'Only these tenants; `*` stands for any text.' }),
  profiles: list({ group: selection, default: [], help: 'Only these profiles; `*` stands for any text.' }),
  'changed-since': string({
    group: selection,
    help: 'Only what depends on files changed since this commit (needs its history: `fetch-depth: 0`).',
  }),
} as const;
