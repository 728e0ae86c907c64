import type { z } from 'zod';
import { type ApiError, type Document, output, type ServiceResponse } from '../../../src/api-call.js';
import type { Principal } from '../../../src/iam/principal.js';
import { createRandom } from '../../../src/random.js';
import type { Service, ServiceContext } from '../../../src/service.js';
import { createCloudFormation } from '../../../src/services/cloudformation/cloudformation.js';
import { type CloudFormationScenario, cloudFormationScenario } from '../../../src/services/cloudformation/scenario.js';
import { createS3 } from '../../../src/services/s3/s3.js';
import { createClock } from '../../../src/time/clock.js';
import { createCall } from '../../fixtures.js';

type ScenarioInput = z.input<typeof cloudFormationScenario>;

const ROOT: Principal = { kind: 'root', account: '123456789012', accessKeyId: 'AKIAROOT' };

/** CloudFormation on a stepped clock, with S3 and permissions that a test can deny. */
export class CloudFormationFixture {
  at = Date.parse('2026-01-01T00:00:00Z');
  /** IAM actions that are denied. */
  readonly denied = new Set<string>();
  /** Values of Systems Manager's parameters. */
  readonly ssmParameters = new Map<string, string>();
  private readonly cloudFormation: Service;
  private readonly s3: Service;

  constructor(scenario: ScenarioInput = {}) {
    this.s3 = createS3(this.createContext('s3', undefined));
    this.cloudFormation = createCloudFormation(
      this.createContext<CloudFormationScenario>(
        'cloudformation',
        cloudFormationScenario.parse({ ...scenario, types: { 'Test::*': {}, ...scenario.types } }),
      ),
    );
  }

  async call(
    operation: string,
    input: Document = {},
    options: { readonly service?: string; readonly at?: number } = {},
  ): Promise<Document> {
    const response = await this.send(operation, input, options);
    if (response.kind === 'error') throw new Error(response.error.message);
    if (response.kind !== 'output') throw new Error(`${operation} returned ${response.kind}`);
    return response.output;
  }

  /** `Code: message` of a call that must fail. */
  async callRejected(operation: string, input: Document = {}): Promise<string> {
    const response = await this.send(operation, input, {});
    if (response.kind !== 'error') throw new Error(`${operation} did not fail`);
    return formatError(response.error);
  }

  async putObject(bucket: string, key: string, body: string): Promise<string> {
    await this.call('CreateBucket', { Bucket: bucket }, { service: 's3' });
    await this.call('PutObject', { Bucket: bucket, Key: key, Body: Buffer.from(body) }, { service: 's3' });
    return `https://${bucket}.s3.us-east-1.amazonaws.com/${key}`;
  }

  wait(seconds: number): void {
    this.at += seconds * 1000;
  }

  async getStack(name: string): Promise<Document> {
    const { Stacks: stacks } = await this.call('DescribeStacks', { StackName: name });
    return getFirstRow(stacks);
  }

  async getStatus(name: string): Promise<unknown> {
    return (await this.getStack(name))['StackStatus'];
  }

  /** Advances the time until the stack reaches a final status, and returns it. */
  async waitForTerminal(name: string): Promise<unknown> {
    for (let step = 0; step < 400; step += 1) {
      const status = await this.getStatus(name);
      if (typeof status === 'string' && !status.endsWith('_IN_PROGRESS')) return status;
      this.wait(1);
    }
    throw new Error(`${name} does not reach a final status`);
  }

  /** `logicalId STATUS reason` of every event, oldest first; stack events have the stack's name. */
  async listEvents(name: string): Promise<readonly string[]> {
    const { StackEvents: events } = await this.call('DescribeStackEvents', { StackName: name });
    return expectRows(events)
      .map(({ LogicalResourceId: id, ResourceStatus: status, ResourceStatusReason: reason }) =>
        [id, status, reason].filter((part) => part !== undefined).join(' '),
      )
      .reverse();
  }

  /** Statuses of the resources by logical id. */
  async getResourceStatuses(name: string): Promise<Readonly<Record<string, unknown>>> {
    const { StackResources: resources } = await this.call('DescribeStackResources', { StackName: name });
    return Object.fromEntries(
      expectRows(resources).map((row) => [String(row['LogicalResourceId']), row['ResourceStatus']]),
    );
  }

  async getPhysicalIds(name: string): Promise<Readonly<Record<string, unknown>>> {
    const { StackResources: resources } = await this.call('DescribeStackResources', { StackName: name });
    return Object.fromEntries(
      expectRows(resources).map((row) => [String(row['LogicalResourceId']), row['PhysicalResourceId']]),
    );
  }

  async getOutputs(name: string): Promise<Readonly<Record<string, unknown>>> {
    return Object.fromEntries(
      expectRows((await this.getStack(name))['Outputs']).map((row) => [String(row['OutputKey']), row['OutputValue']]),
    );
  }

  private async send(operation: string, input: Document, { service = 'cloudformation', at = this.at }) {
    const model = service === 's3' ? this.s3 : this.cloudFormation;
    return model.handle(createCall({ service, operation, input, principal: ROOT, at, write: true }));
  }

  private readParameters({ Names: names }: Document): ServiceResponse {
    const found = Array.isArray(names) ? names.filter((name) => this.ssmParameters.has(name)) : [];
    return output({ Parameters: found.map((name) => ({ Name: name, Value: this.ssmParameters.get(name) })) });
  }

  private createContext<ServiceScenario>(name: string, scenario: ServiceScenario): ServiceContext<ServiceScenario> {
    return {
      account: '123456789012',
      partition: 'aws',
      buildArn: (region, resource) => `arn:aws:${name}:${region}:123456789012:${resource}`,
      scenario,
      random: createRandom(name),
      clock: createClock({ scale: 0 }),
      url: () => 'http://127.0.0.1',
      authorise: (_principal, permissions) => {
        const permission = permissions.find(({ action }) => this.denied.has(action));
        return permission === undefined
          ? undefined
          : { code: 'AccessDenied', message: `not allowed to ${permission.action}` };
      },
      assumeServiceRole: (roleArn) => (roleArn.endsWith('/untrusted') ? undefined : ROOT),
      invoke: async ({ service, operation, input, at }) =>
        service === 'ssm' ? this.readParameters(input) : this.send(operation, input, { service: 's3', at }),
      listProvisionedResources: () => [],
    };
  }
}

const formatError = ({ code, message }: ApiError): string => `${code}: ${message}`;

export const expectRows = (value: unknown): readonly Document[] => {
  if (!Array.isArray(value)) throw new Error('the response has no list');
  return value;
};

export const getFirstRow = (value: unknown): Document => {
  const [row] = expectRows(value);
  if (row === undefined) throw new Error('the list is empty');
  return row;
};
