import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { MULTIPLE_SERVICES } from './criteria.js';
import type { HealthEvent } from './health-event.js';

/** An incident of the public feed, with its newest update. */
export interface FeedEvent {
  readonly event: HealthEvent;
  readonly text: string | undefined;
}

const createUnexpectedError = (finding: string): DeliveryError =>
  new DeliveryError('unexpected', `unexpected response from the public feed (${finding}); treating it as unavailable`);

const ENCODINGS = [
  { bom: [0xfe, 0xff], name: 'utf-16be' },
  { bom: [0xff, 0xfe], name: 'utf-16le' },
] as const;

/** AWS publishes UTF-16 with a byte order mark; a feed without one is read as UTF-8. */
const decodeFeed = (bytes: Uint8Array): string => {
  const encoding = ENCODINGS.find(({ bom: [first, second] }) => bytes[0] === first && bytes[1] === second);
  try {
    return new TextDecoder(encoding?.name ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw createUnexpectedError('invalid text encoding');
  }
};

const parseItems = (content: string): readonly unknown[] => {
  try {
    const document: unknown = JSON.parse(content);
    if (Array.isArray(document)) return document;
  } catch {
    throw createUnexpectedError('invalid JSON');
  }
  throw createUnexpectedError('not a list');
};

const parseTimestamp = (value: unknown): number | undefined => {
  const digits = typeof value === 'number' ? String(value) : value;
  return typeof digits === 'string' && /^\d{9,11}$/.test(digits) ? Number(digits) * 1000 : undefined;
};

const LEVEL_PATTERN = /^[0-3]$/;

/** `arn:aws:health:<region or global>::event/<SERVICE>/<TYPE>/<id>` */
const ARN_PATTERN = /^arn:aws:health:([a-z0-9-]+)::event\/([A-Z0-9_-]+)\/([A-Za-z0-9_-]+)\/[\w-]+$/;

type ImpactedServices = Readonly<Record<string, unknown>>;

const isRecovered = (impactedServices: ImpactedServices): boolean => {
  const levels = Object.values(impactedServices).map((service) =>
    isRecord(service) ? String(service['current']) : '',
  );
  if (levels.some((level) => !LEVEL_PATTERN.test(level))) throw createUnexpectedError('service without a valid level');
  return levels.length > 0 && levels.every((level) => level === '0');
};

const getImpactedServices = (item: Readonly<Record<string, unknown>>): ImpactedServices => {
  const impactedServices = item['impacted_services'] ?? {};
  if (isRecord(impactedServices)) return impactedServices;
  throw createUnexpectedError('invalid list of services');
};

/** An incident is resolved when it has an end time, or when every impacted service is at level 0. */
const isResolved = (item: Readonly<Record<string, unknown>>, impactedServices: ImpactedServices): boolean => {
  const recovered = isRecovered(impactedServices);
  const end = item['end_time'];
  if (end === undefined || end === null || end === '') return recovered;
  if (parseTimestamp(end) === undefined) throw createUnexpectedError('invalid end time');
  return true;
};

const findLastEntry = (log: unknown): { readonly message: string | undefined; readonly at: number | undefined } => {
  if (log === undefined) return { message: undefined, at: undefined };
  if (!Array.isArray(log)) throw createUnexpectedError('invalid event log');
  const entries = log.map((entry: unknown) => {
    const at = isRecord(entry) ? parseTimestamp(entry['timestamp']) : undefined;
    const message = isRecord(entry) ? entry['message'] : undefined;
    if (at === undefined || typeof message !== 'string') throw createUnexpectedError('invalid event log entry');
    return { message, at };
  });
  return entries.sort((left, right) => right.at - left.at)[0] ?? { message: undefined, at: undefined };
};

const parseEvent = (item: unknown): FeedEvent => {
  if (!isRecord(item)) throw createUnexpectedError('entry that is not an object');
  const { arn, date, status } = item;
  const [, region, service, typeCode] = (typeof arn === 'string' ? ARN_PATTERN.exec(arn) : null) ?? [];
  const startsAt = parseTimestamp(date);
  if (typeof arn !== 'string' || region === undefined || service === undefined || typeCode === undefined) {
    throw createUnexpectedError('event without a valid ARN');
  }
  if (startsAt === undefined || !LEVEL_PATTERN.test(String(status))) {
    throw createUnexpectedError('event without a valid start time or level');
  }
  const last = findLastEntry(item['event_log']);
  const impactedServices = getImpactedServices(item);
  const resolved = isResolved(item, impactedServices);
  return {
    text: last.message ?? (typeof item['summary'] === 'string' ? item['summary'] : undefined),
    event: {
      arn,
      // The ARN names one service even when the incident has spread to others.
      service: Object.keys(impactedServices).length > 1 ? MULTIPLE_SERVICES : service,
      typeCode,
      category: 'issue',
      status: resolved ? 'closed' : 'open',
      scope: 'PUBLIC',
      region,
      zone: undefined,
      startsAt,
      endsAt: resolved ? parseTimestamp(item['end_time']) : undefined,
      updatedAt: last.at,
      actionability: undefined,
      personas: [],
    },
  };
};

/**
 * Parses the incidents of AWS's public feed (docs/aws-facts.md §3.3). Its format is undocumented: any deviation is an
 * error and never read as "no incidents".
 * @throws DeliveryError `unexpected` for a feed in another format
 */
export const parseFeed = (bytes: Uint8Array): readonly FeedEvent[] => parseItems(decodeFeed(bytes)).map(parseEvent);
