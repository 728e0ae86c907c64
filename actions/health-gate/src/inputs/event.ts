import { choices, duration, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { ACTIONABILITIES, CATEGORIES, PERSONAS, STATUSES } from '../events/health-event.js';

const group = 'Which events count';

/** Inputs for the event criteria. */
export const eventInputs = {
  regions: list({
    group,
    help: 'Regions whose events count; `*` for all. Events of the Region `global` always count. Without it: the Region of the run.',
  }),
  services: list({
    group,
    default: [],
    help: 'Services whose events count, as AWS Health spells them, in any case: `RDS, DynamoDB`. `auto` derives them from `template` or `stack-name`. Events of several services at once (`MULTIPLE_SERVICES`) always count. Without it: all services.',
  }),
  'availability-zones': list({
    group,
    default: [],
    help: 'Availability Zones whose events count, names (`eu-west-1a`) or ids (`euw1-az2`). Events without a zone always count, and so does an event that gives a name where only ids are listed, or the other way round. With `organization`: ids only.',
  }),
  categories: choices(...CATEGORIES)({ group, default: ['issue'], help: 'Kinds of events that count.' }),
  statuses: choices(...STATUSES)({ group, default: ['open'], help: 'Statuses that count.' }),
  'upcoming-within': duration({
    group,
    help: 'Scheduled changes that start within this time count too, and `upcoming` events that start later never do.',
  }),
  actionability: choices(...ACTIONABILITIES)({
    group,
    default: [],
    help: 'Only events of this actionability; those that state none count.',
  }),
  personas: choices(...PERSONAS)({
    group,
    default: [],
    help: 'Only events for these people; those that name nobody count.',
  }),
  'event-type-codes': list({
    group,
    default: [],
    help: 'Only events of these types, such as `AWS_RDS_OPERATIONAL_ISSUE`; `*` stands for any text.',
  }),
  'min-age': duration({ group, help: 'Events younger than this do not count.' }),
  'max-age': duration({ group, help: 'Events older than this do not count.' }),
  'ignore-file': string({
    group,
    help: 'File of exceptions, each with a reason and, better, an expiry: `ids` are event ARNs or type codes, `tags` services, Regions or categories. An expired exception fails the step.',
  }),
} as const;
