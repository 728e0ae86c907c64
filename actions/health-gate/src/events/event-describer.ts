import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import type { AffectedEntity, HealthEvent } from './health-event.js';
import type { HealthView } from './health-view.js';

/** What makes an event readable. */
export interface EventDetails {
  readonly text: string | undefined;
  readonly zone: string | undefined;
  readonly entities: readonly AffectedEntity[];
}

/** More events than this are counted, not described. */
export const MAX_DESCRIBED_EVENTS = 50;

/** So many entities say enough of what an event affects. */
const MAX_ENTITIES = 100;

const buildKey = ({ arn, updatedAt }: HealthEvent): string => `${arn} ${updatedAt ?? ''}`;

/**
 * Describes events, each reading of an event once. Nothing is decided by it: where it is denied or fails, that is a
 * remark.
 */
export class EventDescriber {
  private readonly detailsByKey = new Map<string, EventDetails>();
  private deniedNotice: string | undefined;

  constructor(private readonly view: HealthView) {}

  /** Fills in what is missing of the first events, and tells what could not be had. */
  async describe(events: readonly HealthEvent[]): Promise<readonly string[]> {
    const missing = events.slice(0, MAX_DESCRIBED_EVENTS).filter((event) => !this.detailsByKey.has(buildKey(event)));
    if (missing.length === 0 || this.deniedNotice !== undefined)
      return this.deniedNotice === undefined ? [] : [this.deniedNotice];
    try {
      return await this.readDetails(missing);
    } catch (error) {
      const notice = `the events are shown without details: ${formatAwsError(error)}`;
      if (classifyError(error) !== 'denied') return [notice];
      this.deniedNotice = `${notice}: allow health:DescribeEventDetails and health:DescribeAffectedEntities to see them`;
      return [this.deniedNotice];
    }
  }

  getDetails(event: HealthEvent): EventDetails | undefined {
    return this.detailsByKey.get(buildKey(event));
  }

  private async readDetails(events: readonly HealthEvent[]): Promise<readonly string[]> {
    const { byArn, notices } = await this.view.describe(events);
    const entities = await this.view.listEntities(events, MAX_ENTITIES);
    for (const event of events) {
      const { text, zone } = byArn.get(event.arn) ?? { text: undefined, zone: undefined };
      this.detailsByKey.set(buildKey(event), { text, zone, entities: entities.get(event.arn) ?? [] });
    }
    return notices;
  }
}
