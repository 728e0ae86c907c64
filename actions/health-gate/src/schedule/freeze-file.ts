import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { DAY_MS, type TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import { createInputError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** A period without deployments; times in milliseconds since the epoch. */
export interface Freeze {
  readonly name: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The freezes of one file. */
export interface FreezeSource {
  readonly file: string;
  /** Whether the periods are open, and all other times are frozen: a change calendar of the type DEFAULT_CLOSED. */
  readonly isInverted: boolean;
  /** The freezes that start until a time, and possibly later ones. */
  readonly listFreezes: (until: number) => readonly Freeze[];
}

const FIELDS = ['name', 'from', 'to', 'reason'];
const TIME_PATTERN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::00)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A day or a time; without an offset in the zone. `dayOffset`: days added to a day without a time. */
const parseMoment = (value: unknown, label: string, zone: TimeZone, dayOffset: number): number => {
  const [, day, time, offset] = TIME_PATTERN.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  const local = Date.parse(`${day}T${time ?? '00:00'}:00Z`);
  const isValid = !Number.isNaN(local) && new Date(local).toISOString().startsWith(day ?? '-');
  if (day === undefined || !isValid)
    throw createInputError(`${label} must be a day or a time, for example 2026-12-20 or 2026-12-20 18:00`);
  if (offset !== undefined) return Date.parse(`${day}T${time}:00${offset}`);
  return zone.toInstant(time === undefined ? local + dayOffset * DAY_MS : local);
};

const parseFreeze = (entry: unknown, label: string, zone: TimeZone): Freeze => {
  if (!isRecord(entry)) throw createInputError(`${label} must be a map with name, from and to`);
  const unknown = Object.keys(entry).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined)
    throw createInputError(`${label} has the unknown field '${unknown}': use ${FIELDS.join(', ')}`);
  const { name } = entry;
  if (typeof name !== 'string' || name.trim() === '') throw createInputError(`${label} has no name: add one`);
  const start = parseMoment(entry['from'], `'from' of ${label}`, zone, 0);
  // A day includes its end.
  const end = parseMoment(entry['to'], `'to' of ${label}`, zone, 1);
  if (end <= start) throw createInputError(`${label} ends before it starts: correct 'from' or 'to'`);
  return { name: name.trim(), start, end };
};

const parseFreezes = (content: string, zone: TimeZone): readonly Freeze[] => {
  const document = parseDocument(content);
  const entries = isRecord(document) ? document['freezes'] : undefined;
  if (!isRecord(document) || !Array.isArray(entries) || Object.keys(document).length > 1)
    throw createInputError("expected a list 'freezes', or an iCalendar document");
  return entries.map((entry, index) => parseFreeze(entry, `entry ${index + 1} of 'freezes'`, zone));
};

const EXPANSION_MS = 800 * DAY_MS;

/** Expands recurring events far ahead, so that later calls need no expansion. The list may contain later freezes. */
const expandOnce = (listEvents: (until: number) => readonly Freeze[]): FreezeSource['listFreezes'] => {
  let expanded: { readonly until: number; readonly freezes: readonly Freeze[] } | undefined;
  return (until) => {
    if (expanded === undefined || until > expanded.until)
      expanded = { until: until + EXPANSION_MS, freezes: listEvents(until + EXPANSION_MS) };
    return expanded.freezes;
  };
};

/** Whether a text is an iCalendar document. */
export const isCalendar = (text: string): boolean => /^\uFEFF?\s{0,100}BEGIN:VCALENDAR/i.test(text);

const parseSource = async (content: string, zone: TimeZone): Promise<Omit<FreezeSource, 'file'>> => {
  if (!isCalendar(content)) {
    const freezes = parseFreezes(content, zone);
    return { isInverted: false, listFreezes: () => freezes };
  }
  // Loads the parser only for iCalendar documents.
  const { parseCalendar } = await import('@aws-delivery/action-kit/schedule/calendar');
  const calendar = parseCalendar(content, zone);
  return { isInverted: calendar.isClosedByDefault, listFreezes: expandOnce(calendar.listEvents) };
};

/** Parses a freeze file. Throws DeliveryError `invalid-input`, which names the file. */
export const parseFreezeFile = async (content: string, file: string, zone: TimeZone): Promise<FreezeSource> => {
  const nameFile = (error: unknown) => createInputError(`freeze file '${file}': ${errorMessage(error)}`, error);
  const source = await parseSource(content, zone).catch((error: unknown) => {
    throw nameFile(error);
  });
  return {
    ...source,
    file,
    listFreezes: (until) => {
      try {
        return source.listFreezes(until);
      } catch (error) {
        throw nameFile(error);
      }
    },
  };
};
