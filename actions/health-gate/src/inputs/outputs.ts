/** Outputs of the action; `report/report.ts` sets them. */
export const outputs = {
  verdict: {
    help: '`passed`, `blocked`, `overridden`, or `unknown` if a source was unavailable.',
  },
  reason: { help: 'Reason for the verdict, in one sentence.' },
  events: {
    help: 'Blocking events as JSON, with service, Region, start time, latest description, affected entities and a link.',
  },
  'event-count': { help: 'Number of blocking events.' },
  holds: { help: 'All blockers as JSON: events, closed calendars and alarms.' },
  'waited-seconds': { help: 'Time that the step waited, in seconds.' },
  source: { help: 'Source of the events: `health-api`, `public-feed` or `none`.' },
  'evidence-file': { help: 'Path of the evidence file. Not set if the file could not be written.' },
} as const;
