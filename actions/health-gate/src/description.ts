import { awsErrorText, classify } from '@aws-delivery/action-kit/aws-error';
import type { AffectedEntity, HealthEvent } from './event.js';
import type { HealthView } from './health-view.js';

/** What makes an event readable. */
export interface Readable {
  readonly text: string | undefined;
  readonly zone: string | undefined;
  readonly entities: readonly AffectedEntity[];
}

/** More events than this are counted, not described. */
export const MOST_DESCRIBED = 50;

/** So many entities say enough of what an event affects. */
const MOST_ENTITIES = 100;

const keyOf = ({ arn, updatedAt }: HealthEvent): string => `${arn} ${updatedAt ?? ''}`;

/**
 * Describes events, each reading of an event once. Nothing is decided by it: where it is denied or fails, that is a
 * remark.
 */
export class Describer {
  private readonly known = new Map<string, Readable>();
  private denied: string | undefined;

  constructor(private readonly view: HealthView) {}

  /** Fills in what is missing of the first events, and tells what could not be had. */
  async describe(events: readonly HealthEvent[]): Promise<readonly string[]> {
    const missing = events.slice(0, MOST_DESCRIBED).filter((event) => !this.known.has(keyOf(event)));
    if (missing.length === 0 || this.denied !== undefined) return this.denied === undefined ? [] : [this.denied];
    try {
      return await this.read(missing);
    } catch (error) {
      const remark = `the events are shown without details: ${awsErrorText(error)}`;
      if (classify(error) !== 'denied') return [remark];
      this.denied = `${remark}: allow health:DescribeEventDetails and health:DescribeAffectedEntities to see them`;
      return [this.denied];
    }
  }

  of(event: HealthEvent): Readable | undefined {
    return this.known.get(keyOf(event));
  }

  private async read(events: readonly HealthEvent[]): Promise<readonly string[]> {
    const { byArn, remarks } = await this.view.describe(events);
    const entities = await this.view.entities(events, MOST_ENTITIES);
    for (const event of events) {
      const { text, zone } = byArn.get(event.arn) ?? { text: undefined, zone: undefined };
      this.known.set(keyOf(event), { text, zone, entities: entities.get(event.arn) ?? [] });
    }
    return remarks;
  }
}
