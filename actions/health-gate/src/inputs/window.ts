import { boolean, duration, lines, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { createProbeInputs } from '@aws-delivery/action-kit/probe/probe-options';

const group = 'Deployment windows';

/** Inputs for deployment windows, which need no AWS service. */
export const windowInputs = {
  'open-hours': lines({
    group,
    default: [],
    help: 'Hours in which deployments are allowed, one entry per line: days and times, for example `Mon-Thu 09:00-16:00`, `Fri 09:00-12:00,13:00-15:00`, `Sat 22:00-02:00` (until Sunday) or `Mon-Fri` (all day). When empty, all hours are allowed.',
  }),
  'time-zone': string({
    group,
    default: 'UTC',
    help: 'Time zone of `open-hours`, `holidays` and `freeze-file`, for example `Europe/Berlin`. Daylight saving time is taken into account.',
  }),
  holidays: list({
    group,
    default: [],
    help: 'Days on which deployments are not allowed: `2026-12-25`, `12-25` (every year), or ranges such as `2026-12-24..2027-01-01`.',
  }),
  'freeze-file': lines({
    group,
    default: [],
    help: 'Paths of files with periods in which deployments are not allowed, one per line. YAML: a list `freezes` with `name`, `from` and `to`. iCalendar: each event is a freeze; recurrence rules, exceptions and all-day events are supported.',
  }),
  runway: duration({
    group,
    default: 0,
    help: 'Time that must remain until the end of the open hours or the start of a holiday or freeze, for example `30m`.',
  }),
} as const;

/** Inputs for probes and for the AWS Health source. */
export const sourceInputs = {
  ...createProbeInputs({
    group: 'Probes',
    help: 'URLs to request. A failed probe blocks the deployment.',
    failuresHelp: 'Number of consecutive failed probes that block the deployment.',
  }),
  'aws-health': boolean({
    group: 'Events',
    default: true,
    help: 'Check the events of AWS Health. With `false`, only calendars, alarms, deployment windows and probes are checked. The last two need no AWS credentials.',
  }),
} as const;
