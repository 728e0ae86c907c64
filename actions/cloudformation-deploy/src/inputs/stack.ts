import { boolean, choice, duration, list, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Operation';

export const operationInputs = {
  name: string({
    group,
    help: 'Name or ARN of the stack, or name of the stack set if `accounts` or `organizational-units` is set. Required unless `stacks` is set.',
    aliases: { 'stack-name': '%' },
  }),
  mode: choice(
    'deploy',
    'create-and-execute',
    'preview',
    'create-only',
    'execute',
    'execute-only',
    'retry',
    'rollback',
    'delete',
    'drift',
    'wait',
  )({
    group,
    help: '`deploy` (or `create-and-execute`) creates or updates the stack. `preview` shows what a deploy would change and leaves no change set or new stack behind; `create-only` keeps the change set. `execute` (or `execute-only`) executes an existing change set. `retry` resumes a preserved failure without changes, `rollback` rolls a failed stack back to its last stable state, `delete` deletes the stack, `drift` detects drift, and `wait` waits for an operation in progress. Default: `execute` if `execute-change-set-id` is set, otherwise `deploy`.',
  }),
  wait: boolean({
    group,
    default: true,
    help: 'Wait until the operation ends. With `false`, the action starts the operation and returns; use `mode: wait` in a later step or job to wait for it.',
  }),
  timeout: duration({
    group,
    default: 21_000,
    help: 'Maximum duration of the action. The step fails if it is exceeded.',
    aliases: { 'timeout-in-minutes': '%m' },
  }),
  'on-timeout': choice(
    'leave',
    'cancel-update',
    'rollback',
  )({
    group,
    default: 'leave',
    help: 'What to do with the operation at the timeout. `leave` lets it continue. `cancel-update` cancels an update and lets any other operation continue. `rollback` cancels an update, deletes a stack that is being created, and rolls back a preserved failure. On a stack set, `cancel-update` stops the operation, and `rollback` is not available.',
  }),
  'on-cancel': choice(
    'leave',
    'cancel-update',
    'rollback',
  )({
    group,
    default: 'leave',
    help: 'What the post step does with the operation when the job is cancelled. The values are the same as for `on-timeout`.',
  }),
  'fail-on-drift': boolean({
    group,
    default: false,
    help: 'In `mode: drift`, fail unless the drift status is `IN_SYNC`.',
  }),
  'ignore-file': string({
    group,
    help: 'In `mode: drift`, location of a file with accepted drift of a stack (a path, `s3://bucket/key` or the https URL of an S3 object). Each entry has `resources` (logical IDs), `types` or `properties`, a required reason and an optional expiry date. Accepted drift is listed with its reason, and does not count in `drift-status`. An expired entry fails the step.',
  }),
  'no-execute-changeset': boolean({
    group,
    default: false,
    help: 'With `true`, a deploy runs as `mode: create-only`.',
  }),
} as const;

const properties = 'Stack settings';

export const stackInputs = {
  'role-arn': string({
    group: properties,
    help: 'Service role that CloudFormation assumes for this and all later operations on the stack. Default: the stack’s current service role, otherwise the caller’s credentials.',
  }),
  tags: mapping({
    group: properties,
    help: 'Tags for the stack and its resources. They replace the current tags of the stack. If no tags are set, the current tags are kept.',
  }),
  'notification-arns': list({
    group: properties,
    help: 'ARNs of up to five SNS topics that receive stack events. They replace the current topics of the stack. If empty, the current topics are kept.',
  }),
  'resource-types': list({
    group: properties,
    help: 'Resource types that the template may use, such as `AWS::EC2::*`. CloudFormation rejects all other types. If set, `capabilities` is not used.',
  }),
  'stack-policy': string({
    group: properties,
    help: 'Stack policy as JSON, as the path of a JSON file, or as the https URL of an S3 object. JSON and files are validated before the operation starts. The policy is set after the operation has succeeded.',
  }),
  'termination-protection': boolean({
    group: properties,
    help: 'Enables or disables termination protection after the operation has succeeded. If empty, the setting is not changed.',
  }),
  'rollback-alarms': list({
    group: properties,
    help: 'ARNs of up to five CloudWatch alarms. CloudFormation rolls the operation back if one of them goes into ALARM state.',
    aliases: { 'rollback-trigger-arns': '%' },
  }),
  'monitoring-time': duration({
    group: properties,
    default: 0,
    help: 'How long CloudFormation monitors the alarms after all resources are deployed, in whole minutes up to 3h.',
    aliases: { 'monitoring-time-in-minutes': '%m' },
  }),
} as const;
