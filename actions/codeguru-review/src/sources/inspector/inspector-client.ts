import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { paginate } from '@aws-delivery/aws/pagination';
import {
  type CoveredResource,
  type Finding,
  GetCodeSecurityScanCommand,
  type GetCodeSecurityScanResponse,
  Inspector2Client,
  ListCoverageCommand,
  ListFindingsCommand,
  StartCodeSecurityScanCommand,
} from '@aws-sdk/client-inspector2';

/** Operations of Amazon Inspector code security. */
export interface Inspector {
  /** Connected repositories. */
  listRepositories(): Promise<readonly CoveredResource[]>;
  /** Starts a scan and returns its id. The same client token does not start a second one. */
  startScan(projectId: string, clientToken: string): Promise<string>;
  getScan(projectId: string, scanId: string): Promise<GetCodeSecurityScanResponse>;
  /** Active findings of a covered resource. */
  listFindings(resourceId: string): Promise<readonly Finding[]>;
}

const equals = (value: string) => [{ comparison: 'EQUALS' as const, value }];

export class SdkInspector implements Inspector {
  private readonly client: Inspector2Client;
  private readonly options: { readonly abortSignal: AbortSignal };

  constructor(configuration: AwsClientConfig, abortSignal: AbortSignal) {
    this.client = new Inspector2Client(configuration);
    renewExpiredCredentials(this.client);
    this.options = { abortSignal };
  }

  listRepositories(): Promise<readonly CoveredResource[]> {
    const filterCriteria = { resourceType: equals('CODE_REPOSITORY') };
    return paginate(async (nextToken) => {
      const input = { filterCriteria, ...(nextToken === undefined ? {} : { nextToken }) };
      const { coveredResources: items = [], nextToken: next } = await this.client.send(
        new ListCoverageCommand(input),
        this.options,
      );
      return { items, next };
    });
  }

  async startScan(projectId: string, clientToken: string): Promise<string> {
    const command = new StartCodeSecurityScanCommand({ resource: { projectId }, clientToken });
    const { scanId } = await this.client.send(command, this.options);
    if (scanId === undefined) throw new DeliveryError('unexpected', 'StartCodeSecurityScan returned no scan ID');
    return scanId;
  }

  getScan(projectId: string, scanId: string): Promise<GetCodeSecurityScanResponse> {
    return this.client.send(new GetCodeSecurityScanCommand({ resource: { projectId }, scanId }), this.options);
  }

  listFindings(resourceId: string): Promise<readonly Finding[]> {
    const filterCriteria = { resourceId: equals(resourceId), findingStatus: equals('ACTIVE') };
    return paginate(async (nextToken) => {
      const input = { filterCriteria, maxResults: 100, ...(nextToken === undefined ? {} : { nextToken }) };
      const { findings: items = [], nextToken: next } = await this.client.send(
        new ListFindingsCommand(input),
        this.options,
      );
      return { items, next };
    });
  }
}
