import type { EventFilter, OrganizationEventFilter } from '@aws-sdk/client-health';
import { type Criteria, MULTIPLE_SERVICES } from './criteria.js';
import type { Category, Status } from './health-event.js';

// Limits of the API (docs/aws-facts.md §3.2), which rejects longer lists.
const MAX_FILTER_VALUES = 10;
const MAX_FILTER_ACCOUNTS = 50;
export const MAX_FILTER_ARNS = 10;

/** Splits a list into chunks of at most `size`; no chunk for an empty list. */
export const splitIntoChunks = <T>(values: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));

/** The values of one filter member, per call. An empty list is one call without the condition. */
const splitCondition = <T>(values: readonly T[], size: number): readonly (readonly T[])[] =>
  values.length === 0 ? [[]] : splitIntoChunks(values, size);

const listCategories = ({ categories, upcomingWithin }: Criteria): Category[] => [
  ...new Set([...categories, ...(upcomingWithin === undefined ? [] : (['scheduledChange'] as const))]),
];

const listStatuses = ({ statuses, upcomingWithin }: Criteria): Status[] => [
  ...new Set([...statuses, ...(upcomingWithin === undefined ? [] : (['upcoming', 'open'] as const))]),
];

/** The service accepts whole codes only; `evaluateEvent` matches patterns. */
const listTypeCodes = ({ typeCodes }: Criteria): readonly string[] =>
  typeCodes.some((code) => /[*?]/.test(code)) ? [] : [...new Set(typeCodes.map((code) => code.toUpperCase()))];

interface FilterValues {
  readonly regions: readonly string[];
  readonly services: readonly string[];
  readonly typeCodes: readonly string[];
}

const buildFilterValues = (criteria: Criteria): readonly FilterValues[] => {
  const regions = criteria.regions.length === 0 ? [] : [...new Set([...criteria.regions, 'global'])];
  const services = criteria.services.length === 0 ? [] : [...new Set([...criteria.services, MULTIPLE_SERVICES])];
  return splitCondition(regions, MAX_FILTER_VALUES).flatMap((regionChunk) =>
    splitCondition(services, MAX_FILTER_VALUES).flatMap((serviceChunk) =>
      splitCondition(listTypeCodes(criteria), MAX_FILTER_VALUES).map((typeCodes) => ({
        regions: regionChunk,
        services: serviceChunk,
        typeCodes,
      })),
    ),
  );
};

const buildCommonFilter = (criteria: Criteria, { regions, services, typeCodes }: FilterValues) => ({
  ...(regions.length === 0 ? {} : { regions: [...regions] }),
  ...(services.length === 0 ? {} : { services: [...services] }),
  ...(typeCodes.length === 0 ? {} : { eventTypeCodes: [...typeCodes] }),
  eventTypeCategories: listCategories(criteria),
  eventStatusCodes: listStatuses(criteria),
});

/**
 * Filters of DescribeEvents that together return every event that may match. They use only fields that every event
 * has: a filter by zone, actionability or persona would drop the events without one.
 */
export const buildEventFilters = (criteria: Criteria): readonly EventFilter[] =>
  buildFilterValues(criteria).map((filterValues) => buildCommonFilter(criteria, filterValues));

/** Filters of DescribeEventsForOrganization; no accounts means all. */
export const buildOrganizationFilters = (
  criteria: Criteria,
  accounts: readonly string[],
): readonly OrganizationEventFilter[] =>
  splitCondition(accounts, MAX_FILTER_ACCOUNTS).flatMap((accountChunk) =>
    buildFilterValues(criteria).map((filterValues) => ({
      ...(accountChunk.length === 0 ? {} : { awsAccountIds: [...accountChunk] }),
      ...buildCommonFilter(criteria, filterValues),
    })),
  );
