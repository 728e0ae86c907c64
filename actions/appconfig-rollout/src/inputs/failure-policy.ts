import { choice, duration, integer, lines, list } from '@aws-delivery/action-kit/inputs/definition';

const group = 'When it fails';

export const policyInputs = {
  'on-conflict': choice(
    'wait',
    'fail',
    'stop',
  )({
    group,
    default: 'wait',
    help: 'Somebody else’s deployment is under way in an environment: wait for its end, fail, or stop it.',
  }),
  'conflict-timeout': duration({ group, default: 3600, help: 'How long to wait for that other deployment.' }),
  'on-failure': choice(
    'stop',
    'stop-tenant',
    'revert',
    'revert-tenant',
  )({
    group,
    default: 'stop',
    help: 'After a failed, rolled-back or overdue deployment begin no other one, or none of that tenant; `revert` and `revert-tenant` take back what this run has deployed, too. The step fails in any case.',
  }),
  'on-cancel': choice(
    'stop',
    'revert',
    'leave',
  )({
    group,
    default: 'stop',
    help: 'When the run is cancelled or killed: stop the deployments under way, also revert those that this run has completed, or leave all as they are.',
  }),
} as const;

const probing = 'Probes';

export const probeInputs = {
  probe: lines({
    group: probing,
    default: [],
    help: 'Addresses to ask while a deployment grows and bakes, each with the status it must answer: `https://{environment}.example.com/health 200` (`{tenant}` and `{environment}` are filled in).',
  }),
  'probe-alarms': list({
    group: probing,
    default: [],
    help: 'CloudWatch alarms, names or ARNs, that must not be in ALARM meanwhile.',
  }),
  'probe-interval': duration({ group: probing, default: 15, help: 'Pause between two looks.' }),
  'probe-failures': integer({ min: 1, max: 100 })({
    group: probing,
    default: 2,
    help: 'After how many failed looks in a row the deployment is stopped. No answer is a failed look.',
  }),
} as const;
