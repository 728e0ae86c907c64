import type { WireResponse } from '../../call.js';
import type { HealthEvent } from './event.js';
import type { HealthScenario } from './scenario.js';

const seconds = (at: number): string => String(Math.floor(at / 1000));

const itemOf = (event: HealthEvent, at: number) => {
  const { service, region, text } = event.given;
  const over = event.status(at) === 'closed';
  const slug = `${service.toLowerCase().replaceAll('_', '')}-${region}`;
  return {
    date: seconds(event.startsAt),
    ...(over && { end_time: seconds(event.endsAt ?? at) }),
    arn: event.arn,
    region_name: region,
    status: over ? '0' : '2',
    service: slug,
    service_name: service,
    summary: text,
    event_log: [
      {
        summary: text,
        message: event.text(at),
        status: over ? '0' : '2',
        timestamp: Number(seconds(event.updatedAt(at))),
      },
    ],
    impacted_services: { [slug]: { service_name: service, current: over ? '0' : '2', max: '2' } },
    impacted_service_status_changes: [],
  };
};

/** As the real one is written (aws-facts §3.3): UTF-16, big end first, with its byte order mark. */
const utf16 = (text: string): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bytes.swap16();
};

const json = (body: Buffer): WireResponse => ({ status: 200, headers: { 'content-type': 'application/json' }, body });

/** The public feed of current events, or what the scenario has it say instead. */
export const answerFeed = (kind: HealthScenario['feed'], events: readonly HealthEvent[], at: number): WireResponse => {
  const shown = events.filter(({ given }) => given.scope === 'PUBLIC' && given.category === 'issue');
  const text = JSON.stringify(
    shown.filter((event) => event.status(at) !== undefined).map((event) => itemOf(event, at)),
  );
  switch (kind) {
    case 'events':
      return json(utf16(text));
    case 'truncated':
      return json(utf16(text.slice(0, -1)));
    case 'renamed':
      return json(utf16(text.replaceAll('"arn"', '"eventArn"')));
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
