import { boolean, choice, duration, list, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What to do';

export const operationInputs = {
  name: string({
    group,
    required: true,
    help: 'Name of the stack, or its ARN.',
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
    help: '`deploy` (also `create-and-execute`) creates or updates the stack; `preview` shows what a deploy would change and leaves nothing behind; `create-only` is a preview that keeps its change set; `execute` (also `execute-only`) executes a change set made earlier; `retry` resumes a preserved failure as it is; `rollback` takes a failed stack back to its last stable state; `delete` deletes it; `drift` compares it with what really exists; `wait` attaches to an operation under way. Without it: `execute` where `execute-change-set-id` is given, else `deploy`.',
  }),
  wait: boolean({
    group,
    default: true,
    help: 'Wait for the end of the operation. With `false` the action starts it and returns; a later step or job attaches with `mode: wait`.',
  }),
  timeout: duration({
    group,
    default: 21_000,
    help: 'How long the action may take in all. Reaching it is a failure.',
    aliases: { 'timeout-in-minutes': '%m' },
  }),
  'on-timeout': choice(
    'leave',
    'cancel-update',
    'rollback',
  )({
    group,
    default: 'leave',
    help: 'What happens to the operation at the timeout: it goes on; an update is cancelled; or the stack is rolled back from wherever it is.',
  }),
  'on-cancel': choice(
    'leave',
    'cancel-update',
    'rollback',
  )({
    group,
    default: 'leave',
    help: 'The same when the job is cancelled; the post step does it.',
  }),
  'fail-on-drift': boolean({
    group,
    default: false,
    help: 'In `mode: drift`, fail when the stack has drifted.',
  }),
  'no-execute-changeset': boolean({
    group,
    default: false,
    help: '`true` makes a deploy a `create-only`.',
  }),
} as const;

const properties = 'The stack itself';

export const stackInputs = {
  'role-arn': string({
    group: properties,
    help: 'Service role that CloudFormation acts with, in this and in all later operations on the stack. Without it: the role the stack has, else the caller.',
  }),
  tags: mapping({
    group: properties,
    help: 'Tags of the stack, passed on to its resources. They replace the tags it has; without any, those stay.',
  }),
  'notification-arns': list({
    group: properties,
    help: 'SNS topics that get the stack’s events, at most five. They replace those it has.',
  }),
  'resource-types': list({
    group: properties,
    help: 'Types that the template may use, such as `AWS::EC2::*`; anything else is refused. Excludes capabilities.',
  }),
  'stack-policy': string({
    group: properties,
    help: 'Stack policy: JSON, the path of a file with it, or an https URL of an S3 object. JSON is checked before anything begins, and set once the stack has arrived.',
  }),
  'termination-protection': boolean({
    group: properties,
    help: 'Switches termination protection on or off once the stack has arrived. Without it, it stays as it is.',
  }),
  'rollback-alarms': list({
    group: properties,
    help: 'ARNs of CloudWatch alarms, at most five, that roll the operation back when they go off.',
    aliases: { 'rollback-trigger-arns': '%' },
  }),
  'monitoring-time': duration({
    group: properties,
    default: 0,
    help: 'How long CloudFormation goes on watching those alarms after all resources are deployed, in whole minutes up to 3h.',
    aliases: { 'monitoring-time-in-minutes': '%m' },
  }),
} as const;
