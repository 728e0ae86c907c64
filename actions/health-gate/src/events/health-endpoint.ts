import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getErrorCode, hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError } from '@aws-delivery/aws/error';
import type { HealthClient } from '@aws-sdk/client-health';

/** Endpoint of AWS Health in a partition. */
export interface EndpointLocation {
  /** The SDK's pseudo Region for the global endpoint; undefined where the partition has a single endpoint. */
  readonly pseudoRegion: string | undefined;
  /** DNS name whose CNAME contains the active Region. */
  readonly globalName: string | undefined;
  /** The Region that is active before a failover. */
  readonly region: string;
}

// docs.aws.amazon.com/health/latest/ug/health-api.html: one active and one passive Region behind a global name in the
// commercial and the Chinese partition; a single Region elsewhere.
const ENDPOINT_LOCATIONS: Readonly<Record<string, EndpointLocation>> = {
  aws: { pseudoRegion: 'aws-global', globalName: 'global.health.amazonaws.com', region: 'us-east-1' },
  'aws-cn': { pseudoRegion: 'aws-cn-global', globalName: 'global.health.amazonaws.com.cn', region: 'cn-northwest-1' },
  'aws-us-gov': { pseudoRegion: undefined, globalName: undefined, region: 'us-gov-west-1' },
  'aws-eusc': { pseudoRegion: undefined, globalName: undefined, region: 'eusc-de-east-1' },
};

/** Endpoint of a partition; unknown partitions use the Region of the run. */
export const getEndpointLocation = (partition: string, region: string): EndpointLocation =>
  ENDPOINT_LOCATIONS[partition] ?? { pseudoRegion: undefined, globalName: undefined, region };

/** `us-east-2` from `health.us-east-2.amazonaws.com`. */
const parseRegion = (name: string): string | undefined => /(?:^|\.)health\.([a-z0-9-]+)\./.exec(name)?.[1];

export interface EndpointOptions {
  readonly location: EndpointLocation;
  /** `custom`: an endpoint, FIPS or dual-stack is configured, which rules out the SDK's pseudo Region. */
  readonly addressing: 'default' | 'custom';
  readonly createClient: (region: string) => HealthClient;
  /** CNAMEs of a name; rejects without a DNS response. */
  readonly resolveName: (name: string) => Promise<readonly string[]>;
  readonly log: Log;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Thrown inside a page request to read the list from the start in the new active Region. */
class RestartPaging extends Error {}

const MAX_RESTARTS = 3;

const mayBeWrongRegion = (error: unknown): boolean =>
  hasErrorCode(error, 'InvalidSignature', 'SignatureDoesNotMatch', 'IncompleteSignature') ||
  classifyError(error) === 'transient';

/**
 * Client of the active AWS Health endpoint. After a transient or signature error it looks up the active Region in DNS;
 * if that has changed, calls go to the new Region and lists restart, because page tokens are valid in one Region only
 * (docs/aws-facts.md §3.1). After a failover, DNS is queried before every list: the original Region becomes active
 * again, and the passive one still responds, with possibly outdated data.
 */
export class HealthEndpoint {
  private activeRegion: string;
  private client: HealthClient;
  private moveCount = 0;

  constructor(private readonly options: EndpointOptions) {
    const { location, addressing, createClient } = options;
    this.activeRegion = location.region;
    this.client = createClient(addressing === 'default' ? (location.pseudoRegion ?? location.region) : location.region);
  }

  /** Sends one call. `send` may run twice, with different clients. */
  async call<T>(send: (client: HealthClient) => Promise<T>): Promise<T> {
    try {
      return await send(this.client);
    } catch (error) {
      if (!mayBeWrongRegion(error) || !(await this.followActiveRegion(getErrorCode(error) ?? errorMessage(error))))
        throw error;
      return send(this.client);
    }
  }

  /**
   * Reads all pages, or pages until there are `limit` items.
   * @throws DeliveryError `unavailable` when the list restarts repeatedly or a page repeats
   */
  async collect<T>(
    readPage: (client: HealthClient, token: string | undefined) => Promise<Page<T>>,
    limit = Infinity,
  ): Promise<T[]> {
    for (let restarts = 0; restarts < MAX_RESTARTS; restarts += 1) {
      try {
        return await this.collectOnce(readPage, limit);
      } catch (error) {
        if (!(error instanceof RestartPaging) && !hasErrorCode(error, 'InvalidPaginationToken')) throw error;
        this.options.log.info('A pagination token of AWS Health became invalid, reading the list from the start');
      }
    }
    throw new DeliveryError(
      'unavailable',
      `pagination tokens of AWS Health became invalid ${MAX_RESTARTS} times: try again later`,
    );
  }

  private async collectOnce<T>(
    readPage: (client: HealthClient, token: string | undefined) => Promise<Page<T>>,
    limit: number,
  ): Promise<T[]> {
    if (this.moveCount > 0) await this.followActiveRegion('DNS');
    const found: T[] = [];
    let token: string | undefined;
    do {
      const movesBefore = this.moveCount;
      const pageToken = token;
      const page = await this.call((client) => {
        if (pageToken !== undefined && this.moveCount !== movesBefore) throw new RestartPaging();
        return readPage(client, pageToken);
      });
      for (const item of page.items) found.push(item);
      if (page.next !== undefined && page.next === token) {
        throw new DeliveryError('unavailable', 'AWS Health returned the same page twice: try again later');
      }
      token = page.next;
    } while (token !== undefined && found.length < limit);
    return found;
  }

  /** Switches to the Region that is active according to DNS; false when it is unchanged or unknown. */
  private async followActiveRegion(reason: string): Promise<boolean> {
    const { location, resolveName, createClient, log } = this.options;
    if (location.globalName === undefined) return false;
    const names = await resolveName(location.globalName).catch((error) => {
      log.debug(`Cannot resolve ${location.globalName}: ${errorMessage(error)}`);
      return [];
    });
    const region = names.map(parseRegion).find((candidate) => candidate !== undefined);
    if (region === undefined || region === this.activeRegion) return false;
    log.info(
      `Switching from the AWS Health endpoint in ${this.activeRegion} to the active one in ${region} (${reason})`,
    );
    this.activeRegion = region;
    this.client = createClient(region);
    this.moveCount += 1;
    return true;
  }
}
