import { boolean, choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Source';

export const treeInputs = {
  mode: choice(
    'rollout',
    'preview',
    'validate',
    'pull',
    'revert',
    'cleanup',
  )({
    group,
    default: 'rollout',
    help: '`rollout` deploys configuration that differs from what is deployed. `preview` shows the differences and changes nothing. `validate` checks the files and schemas and needs no AWS credentials. `pull` writes the deployed configuration into the tree. `revert` reverts the deployments of a run. `cleanup` deletes resources that this action created.',
  }),
  tree: string({
    group,
    help: 'Directory with `template/<Profile>.<ext>` and `tenants/<tenant>/<environment>/<Profile>.<ext>`. Each tenant is an AppConfig application, and each file name without its extension is a configuration profile. A tenant’s file takes precedence over the template’s file. `appconfig.yml` (settings) and `schemas/<Profile>.schema.json` (JSON Schemas) are optional.',
  }),
  application: string({ group, help: 'Application of the single `file`, if `tree` is not set.' }),
  environment: string({ group, help: 'Environment of the single `file`, if `tree` is not set.' }),
  profile: string({ group, help: 'Configuration profile of the single `file`, if `tree` is not set.' }),
  'profile-type': choice(
    'AWS.Freeform',
    'AWS.AppConfig.FeatureFlags',
  )({
    group,
    default: 'AWS.Freeform',
    help: 'Type of the configuration profile of the single `file`. In a tree, set the type in `appconfig.yml`.',
  }),
  file: string({
    group,
    help: 'Single file to deploy instead of `tree`: `.json`, `.yaml`, `.yml` or text. Requires `application`, `environment` and `profile`.',
  }),
  merge: choice(
    'replace',
    'deep',
  )({
    group,
    default: 'replace',
    help: 'How to combine a tenant’s file with the template’s file for the same profile. `replace` uses only the tenant’s file. `deep` merges maps, replaces lists, and removes keys whose value is `null`; quotes, digits and tags of all values are kept.',
  }),
  overwrite: boolean({
    group,
    default: false,
    help: 'With `mode: pull`: replace files whose content differs from the deployed configuration. With `false`, only missing files are written, and the differences are shown.',
  }),
} as const;

const selection = 'Selection';

export const selectionInputs = {
  environments: list({
    group: selection,
    default: [],
    help: 'Environments of every tenant, including environments without a directory, such as `dev, qa`. Default: the environment directories of each tenant.',
  }),
  tenants: list({
    group: selection,
    default: [],
    help: 'Limit the run to these tenants. `*` matches any text. Default: all tenants.',
  }),
  profiles: list({
    group: selection,
    default: [],
    help: 'Limit the run to these configuration profiles. `*` matches any text. Default: all profiles.',
  }),
  'changed-since': string({
    group: selection,
    help: 'Limit the run to configuration that depends on files changed since this commit. The checkout must include the history since then (`fetch-depth: 0`).',
  }),
} as const;
