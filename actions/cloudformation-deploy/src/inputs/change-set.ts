import { boolean, choice, document, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Change set';

export const changeSetInputs = {
  'change-set-name': string({
    group,
    help: 'Name of the change set. One of that name left by an earlier run is replaced. Without it, each run has a name of its own.',
  }),
  'change-set-description': string({
    group,
    help: 'Description of the change set, at most 900 characters.',
  }),
  'execute-change-set-id': string({
    group,
    help: 'In `mode: execute`, the name or ARN of the change set.',
  }),
  'include-nested-stacks': boolean({
    group,
    help: 'Look into nested stacks too. Without it: in previews, and wherever `protect` needs to know.',
    aliases: { 'include-nested-stacks-change-set': '%' },
  }),
  'fail-on-empty': boolean({
    group,
    default: false,
    help: 'Fail when there is nothing to change.',
    aliases: { 'fail-on-empty-changeset': '%' },
  }),
  'keep-failed-change-set': boolean({
    group,
    default: false,
    help: 'Keep a change set that could not be created, for a look at it in the console. A preview keeps none.',
    aliases: { 'no-delete-failed-changeset': '%' },
  }),
  'deployment-mode': choice(
    'STANDARD',
    'EXPRESS',
    'REVERT_DRIFT',
  )({
    group,
    default: 'STANDARD',
    help: '`EXPRESS` does not wait until resources have settled (and cannot be retried or rolled back after a preserved failure); `REVERT_DRIFT` also takes back what was changed outside CloudFormation.',
  }),
  'early-validation': boolean({
    group,
    default: true,
    help: 'CloudFormation’s checks before anything changes. `false` switches them off.',
  }),
  'import-existing-resources': boolean({
    group,
    default: false,
    help: 'Adopt resources that exist under the names the template gives them.',
  }),
  'resources-to-import': document({
    group,
    help: 'Resources to import, in JSON or YAML: a list of `{ResourceType, LogicalResourceId, ResourceIdentifier}`. The change set becomes an import.',
  }),
  'retain-except-on-create': boolean({
    group,
    default: false,
    help: 'On rollback, delete what this operation created, even where its deletion policy says retain.',
  }),
} as const;

const guard = 'Change guard';

export const guardInputs = {
  protect: choice(
    'none',
    'stateful',
    'all',
  )({
    group: guard,
    default: 'none',
    help: 'Refuse changes that replace or remove resources: of types that hold data (`stateful`), or of any type. `Conditional` and `Dynamic` count as replacement; what cannot be read is refused, and so is `mode: retry`, which makes no change set.',
  }),
  'protect-types': list({
    group: guard,
    default: [],
    help: 'Types that count as holding data besides the built-in list; `*` at the end stands for any text.',
  }),
  'allow-replacement': list({
    group: guard,
    default: [],
    help: 'Logical ids that this run may replace or remove all the same; in nested stacks `Nested.LogicalId`.',
  }),
} as const;
