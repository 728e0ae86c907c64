import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import { getPartition } from '@aws-delivery/aws/region';
import type { AffectedEntity, HealthEvent } from './health-event.js';
import type { HealthView } from './health-view.js';

/** Details that AWS Health returns separately from the event. */
export interface EventDetails {
  readonly text: string | undefined;
  readonly zone: string | undefined;
  readonly entities: readonly AffectedEntity[];
}

/** Further events are counted and not described. */
export const MAX_DESCRIBED_EVENTS = 50;

// Enough to show what an event affects.
const MAX_ENTITIES = 100;

const buildKey = ({ arn, updatedAt }: HealthEvent): string => `${arn} ${updatedAt ?? ''}`;

// AWS Health consoles by partition; the other partitions have no public one.
const CONSOLE_URLS: Readonly<Record<string, string>> = {
  aws: 'https://health.aws.amazon.com/health',
  'aws-cn': 'https://health.console.amazonaws.cn/health',
  'aws-us-gov': 'https://health.console.amazonaws-us-gov.com/health',
};

/**
 * Page of an event: the public status page for public events in the partition `aws`, else the event log of the console.
 */
export const buildConsoleLink = (event: HealthEvent, region: string, view: 'account' | 'organization'): string => {
  const consoleUrl = CONSOLE_URLS[getPartition(region)] ?? CONSOLE_URLS['aws'];
  const id = encodeURIComponent(event.arn);
  if (event.scope === 'PUBLIC' && getPartition(region) === 'aws') return `${consoleUrl}/status?eventID=${id}`;
  return `${consoleUrl}/home#/${view}/event-log?eventID=${id}&eventTab=details`;
};

/**
 * Reads the details of events, once per update of an event. The decision does not depend on them: a failure is a
 * notice.
 */
export class EventDescriber {
  private readonly detailsByKey = new Map<string, EventDetails>();
  private deniedNotice: string | undefined;

  constructor(private readonly view: HealthView) {}

  /** Reads the missing details of the first events; returns notices about those that could not be read. */
  async describe(events: readonly HealthEvent[]): Promise<readonly string[]> {
    const missing = events.slice(0, MAX_DESCRIBED_EVENTS).filter((event) => !this.detailsByKey.has(buildKey(event)));
    if (missing.length === 0 || this.deniedNotice !== undefined)
      return this.deniedNotice === undefined ? [] : [this.deniedNotice];
    try {
      return await this.readDetails(missing);
    } catch (error) {
      const notice = `Event details are not available: ${formatAwsError(error)}`;
      if (classifyError(error) !== 'denied') return [notice];
      this.deniedNotice = `${notice}. Allow health:DescribeEventDetails and health:DescribeAffectedEntities in the role's policy.`;
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
