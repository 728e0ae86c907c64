import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { createClock } from '@aws-delivery/local-aws/time/clock';
import {
  CloudFormationClient,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';

const ACCOUNT = '123456789012';
const SERVICE_ROLE = `arn:aws:iam::${ACCOUNT}:role/delivery-cloudformation`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/delivery-boundary`;
const bootstrap = readFileSync(join(root, 'examples/bootstrap/delivery-roles.yaml'), 'utf8');

/** The actions of the boundary, which is also the policy of the service role. */
const IAM_ACTIONS = [...new Set(bootstrap.slice(0, bootstrap.indexOf('Artifacts:')).match(/^ +- (iam:\w+)$/gmu))]
  .map((line) => line.trim().slice(2))
  .concat('iam:CreateServiceLinkedRole');
const RESOURCE_ACTIONS = (/^ +(apigateway:\S+)$/mu.exec(bootstrap)?.[1] ?? '').split(',');

const readExample = (path: string): string => readFileSync(join(root, 'examples', path), 'utf8');

/** A role of a stack, in a state before or after an update. */
const renderRole = (description: string, tag: string, service: string): string => `
  ShopRole:
    Type: AWS::IAM::Role
    Properties:
      Description: ${description}
      Path: /delivery/
      PermissionsBoundary: ${BOUNDARY}
      AssumeRolePolicyDocument: { Statement: { Effect: Allow, Principal: { Service: ${service} }, Action: sts:AssumeRole } }
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      Policies: [{ PolicyName: sales, PolicyDocument: { Statement: { Effect: Allow, Action: kinesis:PutRecord, Resource: '*' } } }]
      Tags: [{ Key: ${tag}, Value: shop }]
`;

/** A stack with a resource of each service that the examples do not use. */
const renderOtherServices = (role: string): string => `
Parameters: { Size: { Type: AWS::SSM::Parameter::Value<String>, Default: /shop/size } }
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  Application: { Type: AWS::AppConfig::Application, Properties: { Name: shop } }
  Target: { Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: { MaxCapacity: 2 } }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { MetricName: errors } }
  Repository: { Type: AWS::ECR::Repository }
  Cluster: { Type: AWS::ECS::Cluster }
  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day) } }
  Key: { Type: AWS::KMS::Key }
  Logs: { Type: AWS::Logs::LogGroup }
  Secret: { Type: AWS::SecretsManager::Secret }
  Topic: { Type: AWS::SNS::Topic }
  Machine: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: !GetAtt ShopRole.Arn } }
  Group: { Type: AWS::XRay::Group, Properties: { GroupName: !Ref Size } }
  Function:
    Type: AWS::Lambda::Function
    Properties: { Code: { ZipFile: x }, Role: !GetAtt ShopRole.Arn, VpcConfig: { SubnetIds: [subnet-1] } }
${role}`;

interface DeployedStack {
  readonly name: string;
  readonly template: string;
  readonly update?: string;
}

const STACKS: readonly DeployedStack[] = [
  { name: 'data', template: readExample('delivery/template.yaml') },
  {
    name: 'others',
    template: renderOtherServices(renderRole('Runs the shop', 'team', 'lambda.amazonaws.com')),
    update: renderOtherServices(renderRole('Runs the whole shop', 'owner', 'states.amazonaws.com')),
  },
];

/** Longer than any operation. */
const OPERATION_MS = 600_000;

/** Permissions that no deployment can show to be needed. */
const UNOBSERVABLE: Readonly<Record<string, string>> = {
  'iam:CreateServiceLinkedRole': 'only the first use of a service in an account creates its linked role',
  'iam:PutRolePermissionsBoundary': 'a role that CloudFormation may create has this boundary already',
};

/** The template of the bootstrap without one of its IAM actions. */
const removeAction = (action: string): string => bootstrap.replace(new RegExp(`^ +- ${action}$`, 'mu'), '');

/** An account whose stacks are deployed with the bootstrap's service role. */
class Account {
  private constructor(
    private readonly aws: LocalAws,
    private readonly client: CloudFormationClient,
  ) {}

  static async open(permission: string): Promise<Account> {
    const clock = createClock({ scale: 0 });
    const aws = await startLocalAws({
      clock,
      scenario: { account: ACCOUNT, ssm: { parameters: { '/shop/size': 'small' } } },
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const account = new Account(aws, new CloudFormationClient({ endpoint: aws.url, region: 'eu-west-1', credentials }));
    const actions = RESOURCE_ACTIONS.filter((each) => each !== permission).join(',');
    const repository = { Organization: 'octocat', Repository: 'shop', OrganizationId: '1', RepositoryId: '2' };
    const values = { ...repository, DeliveryRegion: '*', ResourceActions: actions };
    const Parameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
    await account.create({ StackName: 'bootstrap', TemplateBody: removeAction(permission), Parameters });
    return account;
  }

  /** Creates a stack; returns its id. */
  async create(input: CreateStackCommandInput): Promise<string> {
    const capabilities = { Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
    const { StackId = '' } = await this.client.send(new CreateStackCommand({ ...capabilities, ...input }));
    this.aws.clock.advance(OPERATION_MS);
    return StackId;
  }

  /** Creates, updates and deletes the stacks with the service role. Returns why CloudFormation failed. */
  async deployAll(): Promise<readonly string[]> {
    const reasons: string[] = [];
    for (const stack of STACKS) reasons.push(...(await this.deploy(stack).catch((error) => [String(error)])));
    return reasons;
  }

  private async deploy({ name: StackName, template: TemplateBody, update }: DeployedStack): Promise<readonly string[]> {
    const options = { StackName, RoleARN: SERVICE_ROLE, DisableRollback: true };
    const Tags = [{ Key: 'team', Value: 'shop' }];
    const id = await this.create({ ...options, TemplateBody, Tags });
    if ((await this.getStatus(id)) === 'CREATE_COMPLETE' && update !== undefined) {
      const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
      await this.client.send(new UpdateStackCommand({ ...options, Capabilities, TemplateBody: update }));
      this.aws.clock.advance(OPERATION_MS);
    }
    await this.client.send(new DeleteStackCommand({ StackName }));
    this.aws.clock.advance(OPERATION_MS);
    const { StackEvents: events = [] } = await this.client.send(new DescribeStackEventsCommand({ StackName: id }));
    return events
      .filter(({ ResourceStatus: status = '' }) => status.endsWith('_FAILED'))
      .map(({ ResourceStatusReason: reason = '' }) => reason);
  }

  async getStatus(StackName: string): Promise<string | undefined> {
    return (await this.client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await this.aws.close();
  }
}

describe('the service role of the bootstrap', () => {
  it('creates, updates and deletes the stacks', async () => {
    await using account = await Account.open('');
    expect(await account.deployAll()).toEqual([]);
  });

  it.each([...RESOURCE_ACTIONS, ...IAM_ACTIONS].filter((action) => !Object.hasOwn(UNOBSERVABLE, action)))(
    'fails without %s',
    async (permission) => {
      await using account = await Account.open(permission);
      const pattern = new RegExp(
        `is not authorized to perform: ${permission.replace(/\*$/u, '\\w+')} on resource: `,
        'u',
      );
      expect(await account.deployAll()).toContainEqual(expect.stringMatching(pattern));
    },
  );

  it('with permissions for stacks alone creates nothing', async () => {
    await using account = await Account.open('');
    const trust = {
      Statement: { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
    };
    const allowed = { Statement: { Effect: 'Allow', Action: 'cloudformation:*', Resource: '*' } };
    const Policies = [{ PolicyName: 'stacks', PolicyDocument: allowed }];
    const role = {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'stacks', AssumeRolePolicyDocument: trust, Policies },
    };
    await account.create({ StackName: 'role', TemplateBody: JSON.stringify({ Resources: { Role: role } }) });
    const RoleARN = `arn:aws:iam::${ACCOUNT}:role/stacks`;
    const id = await account.create({
      StackName: 'shop',
      TemplateBody: readExample('delivery/template.yaml'),
      RoleARN,
    });
    expect(await account.getStatus(id)).toBe('ROLLBACK_COMPLETE');
  });
});
