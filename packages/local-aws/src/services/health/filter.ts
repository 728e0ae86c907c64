import type { Document } from '../../api-call.js';
import { readDocument } from '../../protocols/document.js';
import { serviceError } from '../../service-error.js';
import type { HealthEvent } from './event.js';

/** A member of EventFilter and OrganizationEventFilter: its maximum size, and an event's values for it. */
interface FilterMember {
  readonly maxSize: number;
  readonly getValues: (event: HealthEvent, at: number) => readonly (string | undefined)[];
}

/** By name (AWS Health API reference). */
const MEMBERS: Readonly<Record<string, FilterMember>> = {
  regions: { maxSize: 10, getValues: ({ config }) => [config.region] },
  services: { maxSize: 10, getValues: ({ config }) => [config.service] },
  eventTypeCodes: { maxSize: 10, getValues: ({ config }) => [config.type] },
  eventTypeCategories: { maxSize: 10, getValues: ({ config }) => [config.category] },
  eventStatusCodes: { maxSize: 6, getValues: (event, at) => [event.getStatus(at)] },
  eventArns: { maxSize: 10, getValues: ({ arn }) => [arn] },
  awsAccountIds: { maxSize: 50, getValues: ({ accounts }) => accounts },
  availabilityZones: { maxSize: 10, getValues: ({ config }) => [config.zone] },
  actionabilities: { maxSize: 10, getValues: ({ config }) => [config.actionability] },
  personas: { maxSize: 10, getValues: ({ config }) => config.personas },
};

/** The filter of an input. @throws ServiceError if a list is too long or a member is not modeled */
export const readFilter = (input: Document): Document => {
  const filter = readDocument(input['filter']);
  for (const [name, list] of Object.entries(filter)) {
    const size = MEMBERS[name]?.maxSize;
    if (size === undefined)
      throw serviceError('ValidationException', `Local AWS does not support the event filter ${name}`);
    const length = Array.isArray(list) ? list.length : 0;
    if (length >= 1 && length <= size) continue;
    const rule = `Member must have length less than or equal to ${size}, and greater than or equal to 1`;
    const message = `1 validation error detected: Value at 'filter.${name}' failed to satisfy constraint: ${rule}`;
    throw serviceError('ValidationException', message);
  }
  return filter;
};

/** Whether an event matches a filter. An event without an attribute does not match a filter on it. */
export const matchesFilter = (filter: Document, event: HealthEvent, at: number): boolean =>
  Object.entries(filter).every(([name, list]) => {
    if (name === 'awsAccountIds' && event.config.scope === 'PUBLIC') return true;
    const values = MEMBERS[name]?.getValues(event, at) ?? [];
    return Array.isArray(list) && list.some((each) => values.includes(String(each)));
  });
