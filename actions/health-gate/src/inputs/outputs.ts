/** Outputs of the action; `report/report.ts` sets them. */
export const outputs = {
  verdict: {
    help: '`passed`, `blocked`, `overridden`, or `unknown` where no complete answer could be had.',
  },
  reason: { help: 'The verdict in one sentence.' },
  events: {
    help: 'The events that count, as JSON: what, where, since when, AWS’s last words, affected entities, a link.',
  },
  'event-count': { help: 'How many events count.' },
  holds: { help: 'Everything that speaks against deploying, as JSON: events, closed calendars, alarms.' },
  'waited-seconds': { help: 'How long the step waited.' },
  source: { help: 'Where the answer about events came from: `health-api`, `public-feed` or `none`.' },
  'evidence-file': { help: 'Path of the evidence file.' },
} as const;
