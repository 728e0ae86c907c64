import type { ExceptionUsage } from '@aws-delivery/action-kit/host/unused-exceptions';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesWord } from '@aws-delivery/findings/ignore/pattern';
import type { Observation } from '../decision/observation.js';
import type { Request } from '../inputs/parse-request.js';
import type { Criteria } from './criteria.js';
import { CATEGORIES } from './health-event.js';

const REGION = /^[a-z]{2}(?:-[a-z]+){1,2}-\d$/iu;

const matchesAny = (pattern: string, values: readonly string[]): boolean =>
  values.some((value) => matchesWord(pattern, value));

/** Whether events with a tag (a Region, category or service) are among those that this run requests. */
const isTagRequested = (tag: string, { regions, categories, services }: Criteria): boolean => {
  if (REGION.test(tag)) return regions.length === 0 || matchesAny(tag, regions);
  if (matchesAny(tag, CATEGORIES)) return matchesAny(tag, categories);
  return services.length === 0 || matchesAny(tag, services);
};

/** Whether the events that an entry names are among those that this run requests from AWS Health. */
const isRequested = ({ ids, tags }: IgnoreEntry, criteria: Criteria): boolean => {
  const { services, typeCodes } = criteria;
  // The codes of events and their ARNs contain the code of the service.
  const isOfService = (id: string): boolean =>
    services.length === 0 || services.some((service) => id.toUpperCase().includes(service.toUpperCase()));
  return (
    typeCodes.length === 0 &&
    (tags.length === 0 || tags.some((tag) => isTagRequested(tag, criteria))) &&
    (ids.length === 0 || ids.some(isOfService))
  );
};

/** Names of the entries that matched no event. None is reported if AWS Health was not read completely. */
export const listUnusedEntries = (
  request: Request,
  { source, errors }: Observation,
  usage: ExceptionUsage<IgnoreEntry>,
): readonly string[] => {
  const isComplete = source === 'health-api' && !errors.some((error) => error.source === 'AWS Health');
  return isComplete ? usage.listUnused((entry) => isRequested(entry, request.criteria)).map(({ name }) => name) : [];
};
