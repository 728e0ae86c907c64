import { type AwsConfiguration, renewExpired } from '@aws-delivery/action-kit/aws';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import { pages } from '@aws-delivery/action-kit/page-walk';
import {
  DescribeImageScanFindingsCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  type ImageScanFinding,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { named } from '../ecr.js';
import { present, type Target } from './answer.js';

/** How a scan stands. */
export type ScanReading =
  | { readonly kind: 'no-image' }
  | { readonly kind: 'no-scan' }
  | {
      readonly kind: 'scan';
      readonly status: string;
      readonly description: string | undefined;
      /** Milliseconds since the epoch. */
      readonly completedAt: number | undefined;
    };

/** What came of asking for a scan: `limit` where ECR makes none yet, `elsewhere` where Inspector makes them. */
export type ScanStart = 'started' | 'limit' | 'unsupported' | 'archived' | 'elsewhere' | 'no-image';

const REFUSALS: readonly (readonly [code: string, start: ScanStart])[] = [
  ['LimitExceeded', 'limit'],
  ['UnsupportedImageType', 'unsupported'],
  ['ImageArchived', 'archived'],
  ['ImageNotFound', 'no-image'],
  // "This feature is disabled": enhanced scanning is on (peers §4b, ecr-scan-image#44).
  ['ValidationException', 'elsewhere'],
];

const MOST_FINDINGS = 1000;

const imageOf = ({ repository, digest, registry: { login } }: Target) => ({
  repositoryName: repository,
  imageId: { imageDigest: digest },
  ...(login.account === undefined ? {} : { registryId: login.account }),
});

/** What ECR's API says of scans in one Region. Methods throw DeliveryError. */
export class EcrScans {
  readonly #client: ECRClient;

  constructor(configuration: AwsConfiguration, region: string) {
    this.#client = new ECRClient({ ...configuration, region });
    renewExpired(this.#client);
  }

  /** Which kind the caller's own registry has, and whose that is. */
  async kind(): Promise<{ readonly account: string | undefined; readonly type: string | undefined }> {
    const call = this.#client.send(new GetRegistryScanningConfigurationCommand({}));
    const { registryId: account, scanningConfiguration } = await named('GetRegistryScanningConfiguration', call);
    return { account, type: scanningConfiguration?.scanType };
  }

  async read(target: Target): Promise<ScanReading> {
    const call = this.#client.send(new DescribeImageScanFindingsCommand({ ...imageOf(target), maxResults: 1 }));
    try {
      const { imageScanStatus: { status = '', description } = {}, imageScanFindings } = await call;
      return { kind: 'scan', status, description, completedAt: imageScanFindings?.imageScanCompletedAt?.getTime() };
    } catch (error) {
      if (isCode(error, 'ScanNotFound')) return { kind: 'no-scan' };
      if (isCode(error, 'ImageNotFound')) return { kind: 'no-image' };
      return named('DescribeImageScanFindings', Promise.reject(error));
    }
  }

  async start(target: Target): Promise<ScanStart> {
    try {
      await this.#client.send(new StartImageScanCommand(imageOf(target)));
      return 'started';
    } catch (error) {
      const refusal = REFUSALS.find(([code]) => isCode(error, code));
      return refusal?.[1] ?? named('StartImageScan', Promise.reject(error));
    }
  }

  findings(target: Target): Promise<readonly ImageScanFinding[]> {
    return pages(async (nextToken) => {
      const input = { ...imageOf(target), maxResults: MOST_FINDINGS, nextToken };
      const call = this.#client.send(new DescribeImageScanFindingsCommand(input));
      const { imageScanFindings, nextToken: next } = await named('DescribeImageScanFindings', call);
      return { items: present(imageScanFindings?.findings, 'DescribeImageScanFindings'), next };
    });
  }
}
