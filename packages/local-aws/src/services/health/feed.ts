import type { HttpResponse } from '../../api-call.js';
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

/** Encodes as the real feed (docs/aws-facts.md §3.3): UTF-16, big endian, with byte order mark. */
const encodeUtf16 = (content: string): Buffer => {
  const bytes = Buffer.from(`\ufeff${content}`, 'utf16le');
  return bytes.swap16();
};

const createFeedResponse = (body: Buffer): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});

/** The public feed of current events, or the scenario's defective variant. */
export const renderFeed = (kind: HealthScenario['feed'], events: readonly HealthEvent[], at: number): HttpResponse => {
  const visible = events.filter(({ config }) => config.scope === 'PUBLIC' && config.category === 'issue');
  const content = JSON.stringify(
    visible.filter((event) => event.getStatus(at) !== undefined).map((event) => buildItem(event, at)),
  );
  switch (kind) {
    case 'events':
      return createFeedResponse(encodeUtf16(content));
    case 'truncated':
      return createFeedResponse(encodeUtf16(content.slice(0, -1)));
    case 'renamed':
      return createFeedResponse(encodeUtf16(content.replaceAll('"arn"', '"eventArn"')));
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: Buffer.from('<!doctype html><p>Moved</p>'),
      };
    case 'down':
      return { status: 503, headers: { 'content-type': 'text/plain' }, body: Buffer.from('Service Unavailable') };
  }
};
