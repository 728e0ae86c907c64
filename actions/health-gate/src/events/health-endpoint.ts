import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getErrorCode, hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError } from '@aws-delivery/aws/error';
import type { HealthClient } from '@aws-sdk/client-health';

/** Where a partition's AWS Health is. */
export interface EndpointLocation {
  /** The SDK's pseudo Region for the global endpoint; undefined where the partition has a single endpoint. */
  readonly pseudoRegion: string | undefined;
  /** The name whose CNAME tells the active Region. */
  readonly globalName: string | undefined;
  /** The Region that is active unless something has failed. */
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

/** Where AWS Health is for a partition; partitions without a known place have it in the Region of the run. */
export const getEndpointLocation = (partition: string, region: string): EndpointLocation =>
  ENDPOINT_LOCATIONS[partition] ?? { pseudoRegion: undefined, globalName: undefined, region };

/** The Region in an endpoint's name: `health.us-east-2.amazonaws.com`. */
const parseRegion = (name: string): string | undefined => /(?:^|\.)health\.([a-z0-9-]+)\./.exec(name)?.[1];

export interface EndpointOptions {
  readonly location: EndpointLocation;
  /** `plain`: nobody has set an endpoint or asked for FIPS, so that the SDK's pseudo Region works. */
  readonly addressing: 'plain' | 'special';
  readonly createClient: (region: string) => HealthClient;
  /** The CNAMEs of a name; rejects where DNS does not answer. */
  readonly resolveName: (name: string) => Promise<readonly string[]>;
  readonly log: Log;
}

/** A page of anything. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

class RestartPaging extends Error {}

const MAX_RESTARTS = 3;

const mayBeWrongRegion = (error: unknown): boolean =>
  hasErrorCode(error, 'InvalidSignature', 'SignatureDoesNotMatch', 'IncompleteSignature') ||
  classifyError(error) === 'transient';

/**
 * AWS Health through its active endpoint. When that does not answer, or refuses signatures, DNS is asked which Region
 * is active now; if it is another, calls go there, and what was being paged starts over: tokens are not portable
 * (aws-facts §3.1). From then on DNS is asked before every list: a Region that was left becomes the active one again,
 * and the one that is passive by then still answers, with what may be old.
 */
export class HealthEndpoint {
  private activeRegion: string;
  private client: HealthClient;
  private moveCount = 0;

  constructor(private readonly options: EndpointOptions) {
    const { location, addressing, createClient } = options;
    this.activeRegion = location.region;
    this.client = createClient(addressing === 'plain' ? (location.pseudoRegion ?? location.region) : location.region);
  }

  /** One call. The closure may run twice, with two clients. */
  async call<T>(send: (client: HealthClient) => Promise<T>): Promise<T> {
    try {
      return await send(this.client);
    } catch (error) {
      if (!mayBeWrongRegion(error) || !(await this.followActiveRegion(getErrorCode(error) ?? errorMessage(error))))
        throw error;
      return send(this.client);
    }
  }

  /** Everything, page by page, or the first `limit` items. Complete or an error, never a part taken for the whole. */
  async collect<T>(
    readPage: (client: HealthClient, token: string | undefined) => Promise<Page<T>>,
    limit = Infinity,
  ): Promise<T[]> {
    for (let restarts = 0; restarts < MAX_RESTARTS; restarts += 1) {
      try {
        return await this.collectOnce(readPage, limit);
      } catch (error) {
        if (!(error instanceof RestartPaging) && !hasErrorCode(error, 'InvalidPaginationToken')) throw error;
        this.options.log.info('AWS Health lost its place in a list: reading it again from the start');
      }
    }
    throw new DeliveryError(
      'unavailable',
      `AWS Health lost its place in a list ${MAX_RESTARTS} times: try again later`,
    );
  }

  private async collectOnce<T>(
    readPage: (client: HealthClient, token: string | undefined) => Promise<Page<T>>,
    limit: number,
  ): Promise<T[]> {
    if (this.moveCount > 0) await this.followActiveRegion('DNS says so');
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
        throw new DeliveryError('unavailable', 'AWS Health answers one page over and over: try again later');
      }
      token = page.next;
    } while (token !== undefined && found.length < limit);
    return found;
  }

  /** To the Region that is active by DNS; false where that is this one, or not known. */
  private async followActiveRegion(reason: string): Promise<boolean> {
    const { location, resolveName, createClient, log } = this.options;
    if (location.globalName === undefined) return false;
    const names = await resolveName(location.globalName).catch((error) => {
      log.debug(`${location.globalName} could not be looked up: ${errorMessage(error)}`);
      return [];
    });
    const region = names.map(parseRegion).find((candidate) => candidate !== undefined);
    if (region === undefined || region === this.activeRegion) return false;
    log.info(`AWS Health has moved from ${this.activeRegion} to ${region} (${reason}): asking there`);
    this.activeRegion = region;
    this.client = createClient(region);
    this.moveCount += 1;
    return true;
  }
}
