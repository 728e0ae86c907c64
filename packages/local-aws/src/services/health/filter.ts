import type { Document } from '../../call.js';
import { isDocument } from '../../wire/json.js';
import type { HealthEvent } from './event.js';

// The list sizes of EventFilter and OrganizationEventFilter (AWS Health API reference).
const SIZES: Readonly<Record<string, number>> = {
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

const listIn = (filter: Document, name: string): readonly string[] | undefined =>
  Array.isArray(filter[name]) ? filter[name].map(String) : undefined;

/** The filter of an input; a text says which list is too long, or what is not modelled. */
export const readFilter = (input: Document): Document | string => {
  const filter = isDocument(input['filter']) ? input['filter'] : {};
  for (const name of Object.keys(filter)) {
    const size = SIZES[name];
    if (size === undefined) return `local AWS does not filter events by ${name}`;
    const length = listIn(filter, name)?.length ?? 0;
    if (length >= 1 && length <= size) continue;
    return `1 validation error detected: Value at 'filter.${name}' failed to satisfy constraint: Member must have length less than or equal to ${size}, and greater than or equal to 1`;
  }
  return filter;
};

const includes = (list: readonly string[] | undefined, value: unknown): boolean =>
  list === undefined || list.includes(String(value));

/** Does the service tell of an event under a filter? What an event does not state passes no filter on it. */
export const passes = (filter: Document, event: HealthEvent, at: number): boolean => {
  const { given, accounts } = event;
  const owners = listIn(filter, 'awsAccountIds');
  const personas = listIn(filter, 'personas');
  return (
    includes(listIn(filter, 'regions'), given.region) &&
    includes(listIn(filter, 'services'), given.service) &&
    includes(listIn(filter, 'eventTypeCodes'), given.type) &&
    includes(listIn(filter, 'eventTypeCategories'), given.category) &&
    includes(listIn(filter, 'eventStatusCodes'), event.status(at)) &&
    includes(listIn(filter, 'eventArns'), event.arn) &&
    includes(listIn(filter, 'availabilityZones'), given.zone) &&
    includes(listIn(filter, 'actionabilities'), given.actionability) &&
    (personas === undefined || given.personas.some((persona) => personas.includes(persona))) &&
    (owners === undefined || given.scope === 'PUBLIC' || accounts.some((account) => owners.includes(account)))
  );
};
