import type { EventFilter, OrganizationEventFilter } from '@aws-sdk/client-health';
import { type Criteria, MULTIPLE_SERVICES } from './criteria.js';
import type { Category, Status } from './event.js';

// Limits of the API (aws-facts §3.2); longer lists are refused there.
const MOST_VALUES = 10;
const MOST_ACCOUNTS = 50;
export const MOST_ARNS = 10;

/** Parts of at most `size`; one empty part for an empty list, which is no condition. */
export const chunks = <T>(values: readonly T[], size: number): readonly (readonly T[])[] =>
  values.length === 0
    ? [[]]
    : Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
        values.slice(index * size, (index + 1) * size),
      );

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const categoriesOf = ({ categories, upcomingWithin }: Criteria): Category[] => [
  ...unique([...categories, ...(upcomingWithin === undefined ? [] : (['scheduledChange'] as const))]),
];

const statusesOf = ({ statuses, upcomingWithin }: Criteria): Status[] => [
  ...unique([...statuses, ...(upcomingWithin === undefined ? [] : (['upcoming'] as const))]),
];

/** The service takes whole codes only; patterns are matched here. */
const typeCodesOf = ({ typeCodes }: Criteria): readonly string[] =>
  typeCodes.some((code) => /[*?]/.test(code)) ? [] : unique(typeCodes.map((code) => code.toUpperCase()));

interface Lists {
  readonly regions: readonly string[];
  readonly services: readonly string[];
  readonly typeCodes: readonly string[];
}

const listsOf = (criteria: Criteria): readonly Lists[] => {
  const regions = criteria.regions.length === 0 ? [] : unique([...criteria.regions, 'global']);
  const services = criteria.services.length === 0 ? [] : unique([...criteria.services, MULTIPLE_SERVICES]);
  return chunks(regions, MOST_VALUES).flatMap((regionPart) =>
    chunks(services, MOST_VALUES).flatMap((servicePart) =>
      chunks(typeCodesOf(criteria), MOST_VALUES).map((typeCodes) => ({
        regions: regionPart,
        services: servicePart,
        typeCodes,
      })),
    ),
  );
};

const commonFilter = (criteria: Criteria, { regions, services, typeCodes }: Lists) => ({
  ...(regions.length === 0 ? {} : { regions: [...regions] }),
  ...(services.length === 0 ? {} : { services: [...services] }),
  ...(typeCodes.length === 0 ? {} : { eventTypeCodes: [...typeCodes] }),
  eventTypeCategories: categoriesOf(criteria),
  eventStatusCodes: statusesOf(criteria),
});

/**
 * Filters whose answers together hold every event that may count. Only what every event states is filtered there:
 * events without zone, actionability or persona would be lost otherwise.
 */
export const eventFilters = (criteria: Criteria): readonly EventFilter[] =>
  listsOf(criteria).map((lists) => commonFilter(criteria, lists));

/** The same for the organisation's view. */
export const organizationFilters = (
  criteria: Criteria,
  accounts: readonly string[],
): readonly OrganizationEventFilter[] =>
  chunks(accounts, MOST_ACCOUNTS).flatMap((part) =>
    listsOf(criteria).map((lists) => ({
      ...(part.length === 0 ? {} : { awsAccountIds: [...part] }),
      ...commonFilter(criteria, lists),
    })),
  );
