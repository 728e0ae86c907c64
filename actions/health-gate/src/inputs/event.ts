import { createUnusedExceptionInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { choices, duration, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { ACTIONABILITIES, CATEGORIES, PERSONAS, STATUSES } from '../events/health-event.js';

const group = 'Events';

/** Inputs for the event criteria. */
export const eventInputs = {
  regions: list({
    group,
    help: 'Regions to check, or `*` for all. Events in the Region `global` are always included. When empty, the Region of the run is checked.',
  }),
  services: list({
    group,
    default: [],
    help: 'Services to check, by their AWS Health service codes, in upper or lower case: `RDS, DynamoDB`. `auto` derives them from `template` and `stack-name`. Events of `MULTIPLE_SERVICES` are always included. When empty, all services are checked.',
  }),
  'availability-zones': list({
    group,
    default: [],
    help: 'Availability Zones to check, by name (`eu-west-1a`) or ID (`euw1-az2`); with `organization: true`, IDs only. Events without a zone are always included, as are events that give a name where IDs are listed, or an ID where names are listed. When empty, all zones are checked.',
  }),
  categories: choices(...CATEGORIES)({ group, default: ['issue'], help: 'Event categories to include.' }),
  statuses: choices(...STATUSES)({ group, default: ['open'], help: 'Event statuses to include.' }),
  'upcoming-within': duration({
    group,
    help: 'Also include scheduled changes that are open or start within this time, regardless of `categories` and `statuses`, until they end. Events with the status `upcoming` that start later are excluded.',
  }),
  actionability: choices(...ACTIONABILITIES)({
    group,
    default: [],
    help: 'Actionability values to include. Events without a value are always included. When empty, all events are included.',
  }),
  personas: choices(...PERSONAS)({
    group,
    default: [],
    help: 'Personas to include. Events without a persona are always included. When empty, all events are included.',
  }),
  'event-type-codes': list({
    group,
    default: [],
    help: 'Event type codes to include, for example `AWS_RDS_OPERATIONAL_ISSUE`; `*` matches any text. When empty, all events are included.',
  }),
  'min-age': duration({
    group,
    help: 'Exclude events that started more recently than this. Events with the status `upcoming` are not affected.',
  }),
  'max-age': duration({ group, help: 'Exclude events that started longer ago than this.' }),
  'ignore-file': string({
    group,
    help: 'Path of a file with ignore entries: `ids` (event ARNs or event type codes), `tags` (services, Regions or categories), a required reason and an optional expiry date. An expired entry fails the step.',
  }),
  'on-unused-exception': createUnusedExceptionInput({ group, exceptions: 'entries of `ignore-file`' }),
} as const;
