import { createUnusedExceptionInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, choice, choices, document, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Change set';

export const changeSetInputs = {
  'change-set-name': string({
    group,
    help: 'Name of the change set. A change set with this name from an earlier run is replaced. Default: a unique name for each run.',
  }),
  'change-set-description': string({
    group,
    help: 'Description of the change set, up to 900 characters.',
  }),
  'execute-change-set-id': string({
    group,
    help: 'Name or ARN of the change set that `mode: execute` executes. Default: `change-set-name`.',
  }),
  'include-nested-stacks': boolean({
    group,
    help: 'Include nested stacks in the change set. Default: `true` in `mode: preview`, otherwise `false`. If `protect` is set, they are always included.',
    aliases: { 'include-nested-stacks-change-set': '%' },
  }),
  'fail-on-empty': boolean({
    group,
    default: false,
    help: 'Fail if there are no changes.',
    aliases: { 'fail-on-empty-changeset': '%' },
  }),
  'keep-failed-change-set': boolean({
    group,
    default: false,
    help: 'Keep a change set whose creation failed, to inspect it in the console. `mode: preview` always deletes it.',
    aliases: { 'no-delete-failed-changeset': '%' },
  }),
  'deployment-mode': choice(
    'STANDARD',
    'EXPRESS',
    'REVERT_DRIFT',
  )({
    group,
    default: 'STANDARD',
    help: '`STANDARD` waits until resources are stable. `EXPRESS` does not wait; a preserved failure then cannot be retried or rolled back. `REVERT_DRIFT` also reverts changes that were made outside CloudFormation.',
  }),
  'early-validation': boolean({
    group,
    default: true,
    help: 'Run CloudFormation’s early validation before any resource is changed. `false` disables it.',
  }),
  'import-existing-resources': boolean({
    group,
    default: false,
    help: 'Import existing resources that have the names specified in the template.',
  }),
  'resources-to-import': document({
    group,
    help: 'Resources to import, as a JSON or YAML list of `{ResourceType, LogicalResourceId, ResourceIdentifier}`. If set, the change set is of type `IMPORT`.',
  }),
  'retain-except-on-create': boolean({
    group,
    default: false,
    help: 'On rollback, delete resources that the operation created, even if their deletion policy is `Retain`.',
  }),
} as const;

const guard = 'Resource protection';

export const guardInputs = {
  protect: choices(
    'none',
    'stateful',
    'all',
    'security',
  )({
    group: guard,
    default: ['none'],
    help: 'Reject a change set that replaces or removes resources: `stateful` protects types that store data, `all` protects every type. `security`, alone or with one of these, rejects a change set that widens access: IAM statements, trust policies, resource policies, security group rules and public access. Possible replacements (`Conditional`, `Dynamic`) are treated as replacements. Change sets that cannot be read completely are rejected, and so is `mode: retry`, because it creates no change set.',
  }),
  'protect-types': list({
    group: guard,
    default: [],
    help: 'Resource types to treat as stateful in addition to the built-in list. A trailing `*` matches any suffix.',
  }),
  'allow-replacement': list({
    group: guard,
    default: [],
    help: 'Logical IDs or types of resources that this run may replace or remove despite `protect`. For nested stacks, use `Nested.LogicalId`. In types, a trailing `*` matches any suffix: `AWS::SQS::Queue`, `Corp::Cache::*`.',
  }),
  'allow-permissions': list({
    group: guard,
    default: [],
    help: 'Logical IDs or types of resources whose permissions this run may widen despite `protect: security`, with the syntax of `allow-replacement`.',
  }),
  'on-unused-exception': createUnusedExceptionInput({
    group: guard,
    exceptions: 'values of `allow-replacement` and `allow-permissions`, or entries of `ignore-file`',
  }),
} as const;
