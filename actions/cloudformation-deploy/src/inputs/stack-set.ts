import { boolean, choice, document, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Stack sets';

export const stackSetInputs = {
  accounts: list({
    group,
    help: 'IDs of the accounts that a stack set deploys to. If this or `organizational-units` is set, `name` is the name of a stack set in the account of the credentials, and `regions` is required.',
  }),
  'organizational-units': list({
    group,
    help: 'IDs of organizational units, or of the organization’s root, that a stack set with service-managed permissions deploys to. If `accounts` is set as well, the stack set deploys to the units first and then to these accounts, unless `account-filter` is set.',
  }),
  'account-filter': choice(
    'intersection',
    'difference',
  )({
    group,
    help: '`intersection` deploys only to those of the `accounts` that are in the `organizational-units`; `difference` deploys to all accounts of the `organizational-units` except the `accounts`.',
  }),
  regions: list({
    group,
    help: 'Regions that the stack set deploys to.',
  }),
  'permission-model': choice(
    'service-managed',
    'self-managed',
  )({
    group,
    help: 'Permission model of the stack set. Default: `service-managed` if `organizational-units` is set, otherwise `self-managed`.',
  }),
  'administration-role-arn': string({
    group,
    help: 'Role that CloudFormation assumes in the account of the stack set, with self-managed permissions. Default: `AWSCloudFormationStackSetAdministrationRole`.',
  }),
  'execution-role-name': string({
    group,
    help: 'Name of the role that CloudFormation assumes in the target accounts, with self-managed permissions. Default: `AWSCloudFormationStackSetExecutionRole`.',
  }),
  'auto-deployment': boolean({
    group,
    help: 'With service-managed permissions, deploy automatically to accounts that are added to the organizational units. If empty, the setting is not changed; a new stack set has it disabled.',
  }),
  'retain-on-account-removal': boolean({
    group,
    help: 'With `auto-deployment: true`, keep the stacks of accounts that are removed from the organizational units.',
  }),
  'auto-deployment-depends-on': list({
    group,
    help: 'With `auto-deployment: true`, ARNs of stack sets that must be deployed before this one.',
  }),
  'managed-execution': boolean({
    group,
    help: 'Run non-conflicting operations at the same time and queue conflicting ones. A change of this setting is a separate operation. If empty, the setting is not changed.',
  }),
  'call-as': choice(
    'self',
    'delegated-admin',
  )({
    group,
    default: 'self',
    help: 'With service-managed permissions: `self` in the management account of the organization, `delegated-admin` in the account of a delegated administrator.',
  }),
  'operation-preferences': document({
    group,
    help: 'Preferences of each operation, as a mapping with `FailureToleranceCount` or `FailureTolerancePercentage`, `MaxConcurrentCount` or `MaxConcurrentPercentage`, `RegionOrder`, `RegionConcurrencyType` and `ConcurrencyMode`. Defaults: a failure tolerance of 10 % of the accounts in each Region, 25 % of them at a time, `SOFT_FAILURE_TOLERANCE`, and one Region after the other.',
  }),
  'parameter-overrides-by-target': document({
    group,
    help: 'Parameter values for single targets, as a mapping of account, Region or `account/Region` to a mapping of parameters. A more specific key wins. With `organizational-units`, accounts can be named only if `account-filter` is `intersection`. If empty, instances keep their overrides; `{}` removes all.',
  }),
  'remove-untargeted': boolean({
    group,
    default: false,
    help: 'Delete the instances of the stack set that are not targeted. Without it, no deployment deletes an instance.',
  }),
  'retain-stacks': boolean({
    group,
    default: false,
    help: 'Keep the stacks of deleted instances in their accounts.',
  }),
  'fail-on-partial': boolean({
    group,
    default: false,
    help: 'Fail if an operation of the stack set succeeds although some of its instances failed. By default, this is a warning.',
  }),
  'investigate-role-name': string({
    group,
    help: 'Name of a role in the target accounts that the action may assume to read the events of failed stacks for the root cause.',
  }),
} as const;
