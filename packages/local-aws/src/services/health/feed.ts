import type { HttpResponse } from '../../api-call.js';
import { createTextResponse } from '../../protocols/protocol.js';
import type { HealthEvent } from './event.js';
import type { HealthScenario } from './scenario.js';

const toSeconds = (at: number): string => String(Math.floor(at / 1000));

const buildItem = (event: HealthEvent, at: number) => {
  const { service, region, text } = event.config;
  const isClosed = event.getStatus(at) === 'closed';
  const slug = `${service.toLowerCase().replaceAll('_', '')}-${region}`;
  return {
    date: toSeconds(event.startsAt),
    ...(isClosed && { end_time: toSeconds(event.endsAt ?? at) }),
    arn: event.arn,
    region_name: region,
    status: isClosed ? '0' : '2',
    service: slug,
    service_name: service,
    summary: text,
    event_log: [
      {
        summary: text,
        message: event.formatDescription(at),
        status: isClosed ? '0' : '2',
        timestamp: Number(toSeconds(event.getUpdatedAt(at))),
      },
    ],
    impacted_services: { [slug]: { service_name: service, current: isClosed ? '0' : '2', max: '2' } },
    impacted_service_status_changes: [],
  };
};

/** The responses of the public feed (docs/aws-facts.md §3.3): current events, or the scenario's defective variant. */
const CONTENTS: Readonly<Record<HealthScenario['feed'], (events: string) => HttpResponse>> = {
  events: (events) => createFeedResponse(events),
  truncated: (events) => createFeedResponse(events.slice(0, -1)),
  renamed: (events) => createFeedResponse(events.replaceAll('"arn"', '"eventArn"')),
  html: () => createTextResponse(200, 'text/html', '<!doctype html><p>Moved</p>'),
  down: () => createTextResponse(503, 'text/plain', 'Service Unavailable'),
};

/** UTF-16, big endian, with byte order mark. */
const createFeedResponse = (content: string): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(`\ufeff${content}`, 'utf16le').swap16(),
});

export const renderFeed = (kind: HealthScenario['feed'], events: readonly HealthEvent[], at: number): HttpResponse => {
  const current = events.filter(
    (event) =>
      event.config.scope === 'PUBLIC' && event.config.category === 'issue' && event.getStatus(at) !== undefined,
  );
  return CONTENTS[kind](JSON.stringify(current.map((event) => buildItem(event, at))));
};
