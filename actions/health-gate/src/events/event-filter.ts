import type { EventFilter, OrganizationEventFilter } from '@aws-sdk/client-health';
import { type Criteria, MULTIPLE_SERVICES } from './criteria.js';
import type { Category, Status } from './health-event.js';

// Limits of the API (aws-facts §3.2); longer lists are refused there.
const MAX_FILTER_VALUES = 10;
const MAX_FILTER_ACCOUNTS = 50;
export const MAX_FILTER_ARNS = 10;

/** Parts of at most `size`; one empty part for an empty list, which is no condition. */
export const splitIntoChunks = <T>(values: readonly T[], size: number): readonly (readonly T[])[] =>
  values.length === 0
    ? [[]]
    : Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
        values.slice(index * size, (index + 1) * size),
      );

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const listCategories = ({ categories, upcomingWithin }: Criteria): Category[] => [
  ...unique([...categories, ...(upcomingWithin === undefined ? [] : (['scheduledChange'] as const))]),
];

const listStatuses = ({ statuses, upcomingWithin }: Criteria): Status[] => [
  ...unique([...statuses, ...(upcomingWithin === undefined ? [] : (['upcoming'] as const))]),
];

/** The service takes whole codes only; patterns are matched here. */
const listTypeCodes = ({ typeCodes }: Criteria): readonly string[] =>
  typeCodes.some((code) => /[*?]/.test(code)) ? [] : unique(typeCodes.map((code) => code.toUpperCase()));

interface FilterValues {
  readonly regions: readonly string[];
  readonly services: readonly string[];
  readonly typeCodes: readonly string[];
}

const buildFilterValues = (criteria: Criteria): readonly FilterValues[] => {
  const regions = criteria.regions.length === 0 ? [] : unique([...criteria.regions, 'global']);
  const services = criteria.services.length === 0 ? [] : unique([...criteria.services, MULTIPLE_SERVICES]);
  return splitIntoChunks(regions, MAX_FILTER_VALUES).flatMap((regionChunk) =>
    splitIntoChunks(services, MAX_FILTER_VALUES).flatMap((serviceChunk) =>
      splitIntoChunks(listTypeCodes(criteria), MAX_FILTER_VALUES).map((typeCodes) => ({
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
 * Filters whose answers together hold every event that may count. Only what every event states is filtered there:
 * events without zone, actionability or persona would be lost otherwise.
 */
export const buildEventFilters = (criteria: Criteria): readonly EventFilter[] =>
  buildFilterValues(criteria).map((filterValues) => buildCommonFilter(criteria, filterValues));

/** The same for the organisation's view. */
export const buildOrganizationFilters = (
  criteria: Criteria,
  accounts: readonly string[],
): readonly OrganizationEventFilter[] =>
  splitIntoChunks(accounts, MAX_FILTER_ACCOUNTS).flatMap((accountChunk) =>
    buildFilterValues(criteria).map((filterValues) => ({
      ...(accountChunk.length === 0 ? {} : { awsAccountIds: [...accountChunk] }),
      ...buildCommonFilter(criteria, filterValues),
    })),
  );
