import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { MULTIPLE_SERVICES } from './criteria.js';
import type { HealthEvent } from './event.js';

/** An incident of the public feed, with AWS's last words on it. */
export interface FeedEvent {
  readonly event: HealthEvent;
  readonly text: string | undefined;
}

const surprise = (what: string): DeliveryError =>
  new DeliveryError('unexpected', `${what}, which nobody here expected of it: it is no answer`);

const ENCODINGS = [
  { mark: [0xfe, 0xff], name: 'utf-16be' },
  { mark: [0xff, 0xfe], name: 'utf-16le' },
] as const;

/** AWS writes it as UTF-16 with its byte order mark; without one it can only be UTF-8. */
const textOf = (bytes: Uint8Array): string => {
  const encoding = ENCODINGS.find(({ mark: [first, second] }) => bytes[0] === first && bytes[1] === second);
  try {
    return new TextDecoder(encoding?.name ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw surprise('the public feed is not text');
  }
};

const itemsIn = (text: string): readonly unknown[] => {
  try {
    const document: unknown = JSON.parse(text);
    if (Array.isArray(document)) return document;
  } catch {
    throw surprise('the public feed is not JSON');
  }
  throw surprise('the public feed is not a list');
};

const seconds = (value: unknown): number | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{9,11}$/.test(text) ? Number(text) * 1000 : undefined;
};

const LEVEL = /^[0-3]$/;

/** `arn:aws:health:<region or global>::event/<SERVICE>/<TYPE>/<id>` */
const ARN = /^arn:aws:health:([a-z0-9-]+)::event\/([A-Z0-9_]+)\/([A-Za-z0-9_]+)\/[\w-]+$/;

type Impacted = Readonly<Record<string, unknown>>;

const isRecovered = (impacted: Impacted): boolean => {
  const levels = Object.values(impacted).map((one) => (isMapping(one) ? String(one['current']) : ''));
  if (levels.some((level) => !LEVEL.test(level))) throw surprise('the public feed names no level of a service');
  return levels.length > 0 && levels.every((level) => level === '0');
};

const impactedIn = (item: Readonly<Record<string, unknown>>): Impacted => {
  const impacted = item['impacted_services'] ?? {};
  if (isMapping(impacted)) return impacted;
  throw surprise('the public feed lists services in another form');
};

/** Over is what says so: an end, or every service it names back at level 0. Everything else goes on. */
const isOver = (item: Readonly<Record<string, unknown>>, impacted: Impacted): boolean => {
  const recovered = isRecovered(impacted);
  const end = item['end_time'];
  if (end === undefined || end === null || end === '') return recovered;
  if (seconds(end) === undefined) throw surprise('the public feed has an end that is no time');
  return true;
};

const lastEntry = (log: unknown): { readonly message: string | undefined; readonly at: number | undefined } => {
  if (log === undefined) return { message: undefined, at: undefined };
  if (!Array.isArray(log)) throw surprise('the public feed has a log in another form');
  const entries = log.map((entry: unknown) => {
    const at = isMapping(entry) ? seconds(entry['timestamp']) : undefined;
    const message = isMapping(entry) ? entry['message'] : undefined;
    if (at === undefined || typeof message !== 'string')
      throw surprise('the public feed has a log entry in another form');
    return { message, at };
  });
  return entries.sort((left, right) => right.at - left.at)[0] ?? { message: undefined, at: undefined };
};

const eventIn = (item: unknown): FeedEvent => {
  if (!isMapping(item)) throw surprise('the public feed has an item that is no object');
  const { arn, date, status } = item;
  const [, region, service, typeCode] = (typeof arn === 'string' ? ARN.exec(arn) : null) ?? [];
  const startsAt = seconds(date);
  if (typeof arn !== 'string' || region === undefined || service === undefined || typeCode === undefined) {
    throw surprise('the public feed has an event without a readable ARN');
  }
  if (startsAt === undefined || !LEVEL.test(String(status))) {
    throw surprise('the public feed has an event without start or level');
  }
  const last = lastEntry(item['event_log']);
  const impacted = impactedIn(item);
  const over = isOver(item, impacted);
  return {
    text: last.message ?? (typeof item['summary'] === 'string' ? item['summary'] : undefined),
    event: {
      arn,
      // The ARN names one service, however many the incident has reached by now.
      service: Object.keys(impacted).length > 1 ? MULTIPLE_SERVICES : service,
      typeCode,
      category: 'issue',
      status: over ? 'closed' : 'open',
      scope: 'PUBLIC',
      region,
      zone: undefined,
      startsAt,
      endsAt: over ? seconds(item['end_time']) : undefined,
      updatedAt: last.at,
      actionability: undefined,
      personas: [],
    },
  };
};

/**
 * The incidents of AWS's public feed (aws-facts §3.3). It has no contract: whatever is not exactly as it has always
 * been is an error, never "nothing is wrong". Only an empty list, or incidents that say they are over, mean that.
 */
export const readFeed = (bytes: Uint8Array): readonly FeedEvent[] => itemsIn(textOf(bytes)).map(eventIn);
