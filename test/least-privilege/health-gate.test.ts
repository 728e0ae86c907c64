import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { definition } from '../../actions/health-gate/action.js';
import { ACCOUNT, Harness, type HarnessOptions } from '../../actions/health-gate/test/harness.js';
import {
  expectContinuation,
  expectFailure,
  explainUnobservable,
  listUsedActions,
  type PermissionScenario,
  verifyPermissions,
} from './permission-harness.js';

const REGION = 'eu-west-1';
const instanceEvent = {
  service: 'EC2',
  region: REGION,
  scope: 'ACCOUNT_SPECIFIC' as const,
  entities: [{ value: 'i-0abc' }],
};
const incident = { service: 'RDS', region: REGION, scope: 'ACCOUNT_SPECIFIC' as const, entities: [{ value: 'db-1' }] };
const scenario: HarnessOptions = {
  health: { events: [incident, instanceEvent] },
  ssm: { calendars: { freeze: {} } },
  cloudwatch: { alarms: { errors: {} } },
};

const createStack = async (harness: Harness): Promise<void> => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFormationClient({ region: REGION, endpoint: harness.aws.url, credentials });
  const group = { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { MinSize: '1', MaxSize: '2' } };
  const TemplateBody = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Web: group } });
  await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody }));
  client.destroy();
  await harness.clock.advance(60_000);
};

/** Runs the gate once, with on-event: warn. */
const runGate =
  (inputs: Readonly<Record<string, string>>): PermissionScenario =>
  async (grant) => {
    const users = { gate: { accessKeys: { AKIAGATE: 'gate-secret' }, policies: { least: grant } } };
    const harness = await Harness.open({ ...scenario, iam: { users } });
    try {
      await createStack(harness);
      const { recorded, calls, log, summary } = await harness.run({ inputs: { 'on-event': 'warn', ...inputs } });
      const output = [...recorded.failures, log, summary].join('\n');
      return { failed: recorded.failures.length > 0, output, usedActions: listUsedActions(calls) };
    } finally {
      await harness.close();
    }
  };

const plain = runGate({});
const matching = runGate({ entities: 'match', 'entity-values': 'db-1' });
const organization = runGate({ organization: 'true' });
const matchingAll = runGate({ organization: 'true', entities: 'match', 'entity-values': 'db-1' });

verifyPermissions(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'health:DescribeEvents': expectFailure(plain),
    'health:DescribeEventDetails': expectContinuation(plain, /health:DescribeEventDetails/),
    'health:DescribeAffectedEntities': expectFailure(matching),
    'health:DescribeEventsForOrganization': expectFailure(organization),
    'health:DescribeEventDetailsForOrganization': expectContinuation(
      organization,
      /health:DescribeEventDetailsForOrganization/,
    ),
    'health:DescribeAffectedAccountsForOrganization': expectFailure(matchingAll),
    'health:DescribeAffectedEntitiesForOrganization': expectFailure(matchingAll),
    'organizations:ListAccounts': explainUnobservable(
      'AWS Health makes the call with the caller’s permissions; the action does not make it',
    ),
    'organizations:DescribeOrganization': explainUnobservable(
      'AWS Health makes the call with the caller’s permissions; the action does not make it',
    ),
    'cloudformation:ListStackResources': expectFailure(runGate({ services: 'auto', 'stack-name': 'shop' })),
    'autoscaling:DescribeAutoScalingGroups': expectContinuation(
      runGate({ entities: 'match', 'stack-name': 'shop' }),
      /Allow autoscaling:DescribeAutoScalingGroups/,
    ),
    'ssm:GetCalendarState': expectFailure(runGate({ services: 'SQS', calendars: 'freeze' })),
    'cloudwatch:DescribeAlarms': expectFailure(runGate({ services: 'SQS', alarms: 'errors' })),
  },
);
