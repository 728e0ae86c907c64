import { classify, codeOf, isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { HealthClient } from '@aws-sdk/client-health';

/** Where a partition's AWS Health is. */
export interface HealthPlace {
  /** The SDK's pseudo Region for the global endpoint; undefined where the partition has a single endpoint. */
  readonly pseudoRegion: string | undefined;
  /** The name whose CNAME tells the active Region. */
  readonly globalName: string | undefined;
  /** The Region that is active unless something has failed. */
  readonly region: string;
}

// docs.aws.amazon.com/health/latest/ug/health-api.html: one active and one passive Region behind a global name in the
// commercial and the Chinese partition; a single Region elsewhere.
const PLACES: Readonly<Record<string, HealthPlace>> = {
  aws: { pseudoRegion: 'aws-global', globalName: 'global.health.amazonaws.com', region: 'us-east-1' },
  'aws-cn': { pseudoRegion: 'aws-cn-global', globalName: 'global.health.amazonaws.com.cn', region: 'cn-northwest-1' },
  'aws-us-gov': { pseudoRegion: undefined, globalName: undefined, region: 'us-gov-west-1' },
  'aws-eusc': { pseudoRegion: undefined, globalName: undefined, region: 'eusc-de-east-1' },
};

/** Where AWS Health is for a partition; partitions without a known place have it in the Region of the run. */
export const placeOf = (partition: string, region: string): HealthPlace =>
  PLACES[partition] ?? { pseudoRegion: undefined, globalName: undefined, region };

/** The Region in an endpoint's name: `health.us-east-2.amazonaws.com`. */
const regionIn = (name: string): string | undefined => /(?:^|\.)health\.([a-z0-9-]+)\./.exec(name)?.[1];

export interface EndpointOptions {
  readonly place: HealthPlace;
  /** `plain`: nobody has set an endpoint or asked for FIPS, so that the SDK's pseudo Region works. */
  readonly addressing: 'plain' | 'special';
  readonly makeClient: (region: string) => HealthClient;
  /** The CNAMEs of a name; rejects where DNS does not answer. */
  readonly resolveName: (name: string) => Promise<readonly string[]>;
  readonly log: Log;
}

/** A page of anything. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

class Restart extends Error {}

const MOST_RESTARTS = 3;

const isWrongPlace = (error: unknown): boolean =>
  isCode(error, 'InvalidSignature', 'SignatureDoesNotMatch', 'IncompleteSignature') || classify(error) === 'transient';

/**
 * AWS Health through its active endpoint. When that does not answer, or refuses signatures, DNS is asked which Region
 * is active now; if it is another, calls go there, and what was being paged starts over: tokens are not portable
 * (aws-facts §3.1). From then on DNS is asked before every list: a Region that was left becomes the active one again,
 * and the one that is passive by then still answers, with what may be old.
 */
export class HealthEndpoint {
  private active: string;
  private client: HealthClient;
  private moves = 0;

  constructor(private readonly options: EndpointOptions) {
    const { place, addressing, makeClient } = options;
    this.active = place.region;
    this.client = makeClient(addressing === 'plain' ? (place.pseudoRegion ?? place.region) : place.region);
  }

  /** One call. The closure may run twice, with two clients. */
  async call<T>(send: (client: HealthClient) => Promise<T>): Promise<T> {
    try {
      return await send(this.client);
    } catch (error) {
      if (!isWrongPlace(error) || !(await this.move(codeOf(error) ?? textOf(error)))) throw error;
      return send(this.client);
    }
  }

  /** Everything, page by page, or the first `limit` items. Complete or an error, never a part taken for the whole. */
  async collect<T>(
    read: (client: HealthClient, token: string | undefined) => Promise<Page<T>>,
    limit = Infinity,
  ): Promise<T[]> {
    for (let restarts = 0; restarts < MOST_RESTARTS; restarts += 1) {
      try {
        return await this.collectOnce(read, limit);
      } catch (error) {
        if (!(error instanceof Restart) && !isCode(error, 'InvalidPaginationToken')) throw error;
        this.options.log.info('AWS Health lost its place in a list: reading it again from the start');
      }
    }
    throw new DeliveryError(
      'unavailable',
      `AWS Health lost its place in a list ${MOST_RESTARTS} times: try again later`,
    );
  }

  private async collectOnce<T>(
    read: (client: HealthClient, token: string | undefined) => Promise<Page<T>>,
    limit: number,
  ): Promise<T[]> {
    if (this.moves > 0) await this.move('DNS says so');
    const found: T[] = [];
    let token: string | undefined;
    do {
      const moves = this.moves;
      const from = token;
      const page = await this.call((client) => {
        if (from !== undefined && this.moves !== moves) throw new Restart();
        return read(client, from);
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
  private async move(reason: string): Promise<boolean> {
    const { place, resolveName, makeClient, log } = this.options;
    if (place.globalName === undefined) return false;
    const names = await resolveName(place.globalName).catch((trouble) => {
      log.debug(`${place.globalName} could not be looked up: ${textOf(trouble)}`);
      return [];
    });
    const region = names.map(regionIn).find((found) => found !== undefined);
    if (region === undefined || region === this.active) return false;
    log.info(`AWS Health has moved from ${this.active} to ${region} (${reason}): asking there`);
    this.active = region;
    this.client = makeClient(region);
    this.moves += 1;
    return true;
  }
}
