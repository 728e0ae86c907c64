import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { paginate } from '@aws-delivery/aws/pagination';
import {
  type CoveredResource,
  type Finding,
  Inspector2Client,
  ListCoverageCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-inspector2';
import { withOperationName } from '../ecr-api.js';
import { requireList } from './scanner.js';

/** The identifiers of an image in Inspector. */
export interface InspectedImage {
  /** `arn:aws:ecr:<Region>:<account>:repository/<name>/<digest>` (API_CoveredResource, `resourceId`). */
  readonly arn: string;
  readonly account: string;
  readonly repository: string;
  readonly digest: string;
}

const equals = (value: string) => [{ comparison: 'EQUALS' as const, value }];

/** Inspector's API in one Region. Methods throw DeliveryError. */
export class InspectorApi {
  private readonly client: Inspector2Client;

  constructor(configuration: AwsClientConfig, region: string) {
    this.client = new Inspector2Client({ ...configuration, region });
    renewExpiredCredentials(this.client);
  }

  /** Returns undefined when Inspector does not cover the image. */
  async findCoverage({ arn }: InspectedImage): Promise<CoveredResource | undefined> {
    const filterCriteria = { resourceId: equals(arn) };
    const { coveredResources = [] } = await withOperationName(
      'ListCoverage',
      this.client.send(new ListCoverageCommand({ filterCriteria })),
    );
    // Emulators without this filter return other images too.
    return coveredResources.find(({ resourceId }) => resourceId === arn);
  }

  listFindings({ account, repository, digest }: InspectedImage): Promise<readonly Finding[]> {
    const filterCriteria = {
      ecrImageHash: equals(digest),
      ecrImageRepositoryName: equals(repository),
      ecrImageRegistry: equals(account),
      findingStatus: equals('ACTIVE'),
    };
    return paginate(async (nextToken) => {
      const call = this.client.send(new ListFindingsCommand({ filterCriteria, maxResults: 100, nextToken }));
      const { findings, nextToken: next } = await withOperationName('ListFindings', call);
      return { items: requireList(findings, 'ListFindings'), next };
    });
  }
}
