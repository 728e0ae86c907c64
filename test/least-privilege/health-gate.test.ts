import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { definition } from '../../actions/health-gate/action.js';
import { ACCOUNT, Stage, type StageOptions } from '../../actions/health-gate/test/helpers/stage.js';
import { fails, goesOn, judge, type Story, unshown, usedIn } from './judge.js';

const REGION = 'eu-west-1';
const incident = { service: 'RDS', region: REGION, scope: 'ACCOUNT_SPECIFIC' as const, entities: [{ value: 'db-1' }] };
const scenario: StageOptions = {
  health: { events: [incident] },
  ssm: { calendars: { freeze: {} } },
  cloudwatch: { alarms: { errors: {} } },
};

const makeStack = async (stage: Stage): Promise<void> => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudFormationClient({ region: REGION, endpoint: stage.aws.url, credentials });
  const TemplateBody = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
  await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody }));
  client.destroy();
  await stage.clock.advance(60_000);
};

/** One look, which lets everything pass that it sees. */
const look =
  (inputs: Readonly<Record<string, string>>): Story =>
  async (grant) => {
    const users = { gate: { accessKeys: { AKIAGATE: 'gate-secret' }, policies: { least: grant } } };
    const stage = await Stage.open({ ...scenario, iam: { users } });
    try {
      await makeStack(stage);
      const { memory, calls, log, summary } = await stage.run({ inputs: { 'on-event': 'warn', ...inputs } });
      const said = [...memory.failures, log, summary].join('\n');
      return { failed: memory.failures.length > 0, said, used: usedIn(calls) };
    } finally {
      await stage.close();
    }
  };

const plain = look({});
const matching = look({ entities: 'match', 'entity-values': 'db-1' });
const organization = look({ organization: 'true' });
const matchingAll = look({ organization: 'true', entities: 'match', 'entity-values': 'db-1' });

judge(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'health:DescribeEvents': fails(plain),
    'health:DescribeEventDetails': goesOn(plain, /health:DescribeEventDetails/),
    'health:DescribeAffectedEntities': fails(matching),
    'health:DescribeEventsForOrganization': fails(organization),
    'health:DescribeEventDetailsForOrganization': goesOn(organization, /health:DescribeEventDetailsForOrganization/),
    'health:DescribeAffectedAccountsForOrganization': fails(matchingAll),
    'health:DescribeAffectedEntitiesForOrganization': fails(matchingAll),
    'organizations:ListAccounts': unshown('AWS Health asks for it in the caller’s name; no call of the action’s does'),
    'organizations:DescribeOrganization': unshown(
      'AWS Health asks for it in the caller’s name; no call of the action’s does',
    ),
    'cloudformation:ListStackResources': fails(look({ services: 'auto', 'stack-name': 'shop' })),
    'ssm:GetCalendarState': fails(look({ services: 'SQS', calendars: 'freeze' })),
    'cloudwatch:DescribeAlarms': fails(look({ services: 'SQS', alarms: 'errors' })),
  },
);
