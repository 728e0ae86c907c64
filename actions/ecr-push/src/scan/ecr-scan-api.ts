import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { paginate } from '@aws-delivery/aws/pagination';
import {
  DescribeImageScanFindingsCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  type ImageScanFinding,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { withOperationName } from '../ecr-api.js';
import { requireList, type ScanTarget } from './scanner.js';

/** State of an image's basic scan. */
export type ScanStatus =
  | { readonly kind: 'no-image' }
  | { readonly kind: 'no-scan' }
  | {
      readonly kind: 'scan';
      readonly status: string;
      readonly description: string | undefined;
      /** Milliseconds since the epoch. */
      readonly completedAt: number | undefined;
    };

/**
 * Result of StartImageScan. `limit-exceeded`: the image was scanned within the last day. `enhanced`: Amazon Inspector
 * scans the registry.
 */
export type ScanStartResult = 'started' | 'limit-exceeded' | 'unsupported' | 'archived' | 'enhanced' | 'no-image';

const START_ERRORS: readonly (readonly [code: string, start: ScanStartResult])[] = [
  ['LimitExceeded', 'limit-exceeded'],
  ['UnsupportedImageType', 'unsupported'],
  ['ImageArchived', 'archived'],
  ['ImageNotFound', 'no-image'],
  // "This feature is disabled": enhanced scanning is on (ecr-scan-image#44).
  ['ValidationException', 'enhanced'],
];

const MAX_FINDINGS_PER_PAGE = 1000;

const toImageId = ({ repository, digest, registry: { login } }: ScanTarget) => ({
  repositoryName: repository,
  imageId: { imageDigest: digest },
  ...(login.account === undefined ? {} : { registryId: login.account }),
});

/** ECR's API for scans in one Region. Methods throw DeliveryError. */
export class EcrScanApi {
  private readonly client: ECRClient;

  constructor(configuration: AwsClientConfig, region: string) {
    this.client = new ECRClient({ ...configuration, region });
    renewExpiredCredentials(this.client);
  }

  /** Scan type of the caller's own registry, with its account. */
  async getScanType(): Promise<{ readonly account: string | undefined; readonly type: string | undefined }> {
    const call = this.client.send(new GetRegistryScanningConfigurationCommand({}));
    const { registryId: account, scanningConfiguration } = await withOperationName(
      'GetRegistryScanningConfiguration',
      call,
    );
    return { account, type: scanningConfiguration?.scanType };
  }

  async describeScan(target: ScanTarget): Promise<ScanStatus> {
    const call = this.client.send(new DescribeImageScanFindingsCommand({ ...toImageId(target), maxResults: 1 }));
    try {
      const { imageScanStatus: { status = '', description } = {}, imageScanFindings } = await call;
      return { kind: 'scan', status, description, completedAt: imageScanFindings?.imageScanCompletedAt?.getTime() };
    } catch (error) {
      if (hasErrorCode(error, 'ScanNotFound')) return { kind: 'no-scan' };
      if (hasErrorCode(error, 'ImageNotFound')) return { kind: 'no-image' };
      return withOperationName('DescribeImageScanFindings', Promise.reject(error));
    }
  }

  async startScan(target: ScanTarget): Promise<ScanStartResult> {
    try {
      await this.client.send(new StartImageScanCommand(toImageId(target)));
      return 'started';
    } catch (error) {
      const known = START_ERRORS.find(([code]) => hasErrorCode(error, code));
      return known?.[1] ?? withOperationName('StartImageScan', Promise.reject(error));
    }
  }

  listFindings(target: ScanTarget): Promise<readonly ImageScanFinding[]> {
    return paginate(async (nextToken) => {
      const input = { ...toImageId(target), maxResults: MAX_FINDINGS_PER_PAGE, nextToken };
      const call = this.client.send(new DescribeImageScanFindingsCommand(input));
      const { imageScanFindings, nextToken: next } = await withOperationName('DescribeImageScanFindings', call);
      return { items: requireList(imageScanFindings?.findings, 'DescribeImageScanFindings'), next };
    });
  }
}
