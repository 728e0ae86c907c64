import type { Document } from '../../api-call.js';
import { readDocument } from '../../protocols/document.js';
import type { HealthEvent } from './event.js';

// Maximum list sizes of EventFilter and OrganizationEventFilter (AWS Health API reference).
const MAX_LIST_SIZES: Readonly<Record<string, number>> = {
  regions: 10,
  services: 10,
  eventTypeCodes: 10,
  eventTypeCategories: 10,
  eventStatusCodes: 6,
  eventArns: 10,
  awsAccountIds: 50,
  availabilityZones: 10,
  actionabilities: 10,
  personas: 10,
};

const readList = (filter: Document, name: string): readonly string[] | undefined =>
  Array.isArray(filter[name]) ? filter[name].map(String) : undefined;

/** The filter of an input; an error message if a list is too long or a member is not modeled. */
export const readFilter = (input: Document): Document | string => {
  const filter = readDocument(input['filter']);
  for (const name of Object.keys(filter)) {
    const size = MAX_LIST_SIZES[name];
    if (size === undefined) return `Local AWS does not support the event filter ${name}`;
    const length = readList(filter, name)?.length ?? 0;
    if (length >= 1 && length <= size) continue;
    return `1 validation error detected: Value at 'filter.${name}' failed to satisfy constraint: Member must have length less than or equal to ${size}, and greater than or equal to 1`;
  }
  return filter;
};

const includes = (list: readonly string[] | undefined, value: unknown): boolean =>
  list === undefined || list.includes(String(value));

/** Whether an event matches a filter. An event without an attribute does not match a filter on it. */
export const matchesFilter = (filter: Document, event: HealthEvent, at: number): boolean => {
  const { config, accounts } = event;
  const owners = readList(filter, 'awsAccountIds');
  const personas = readList(filter, 'personas');
  return (
    includes(readList(filter, 'regions'), config.region) &&
    includes(readList(filter, 'services'), config.service) &&
    includes(readList(filter, 'eventTypeCodes'), config.type) &&
    includes(readList(filter, 'eventTypeCategories'), config.category) &&
    includes(readList(filter, 'eventStatusCodes'), event.getStatus(at)) &&
    includes(readList(filter, 'eventArns'), event.arn) &&
    includes(readList(filter, 'availabilityZones'), config.zone) &&
    includes(readList(filter, 'actionabilities'), config.actionability) &&
    (personas === undefined || config.personas.some((persona) => personas.includes(persona))) &&
    (owners === undefined || config.scope === 'PUBLIC' || accounts.some((account) => owners.includes(account)))
  );
};
