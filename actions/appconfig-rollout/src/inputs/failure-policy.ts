import { choice, duration, integer, lines, list } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Failure handling';

export const policyInputs = {
  'on-conflict': choice(
    'wait',
    'fail',
    'stop',
  )({
    group,
    default: 'wait',
    help: 'What to do if another deployment is in progress in an environment: `wait` until it ends, `fail`, or `stop` it. The action always waits for a deployment that an earlier attempt of the same run started.',
  }),
  'conflict-timeout': duration({ group, default: 3600, help: 'Maximum time to wait for the other deployment.' }),
  'on-failure': choice(
    'stop',
    'stop-tenant',
    'revert',
    'revert-tenant',
  )({
    group,
    default: 'stop',
    help: 'What to do after a deployment has failed, was rolled back or exceeded its timeout. `stop` starts no further deployments; `stop-tenant` starts none for the same tenant. `revert` and `revert-tenant` also revert the deployments of this run, of all tenants or of the same tenant. The step fails in all cases.',
  }),
  'on-cancel': choice(
    'stop',
    'revert',
    'leave',
  )({
    group,
    default: 'stop',
    help: 'What to do if the run is cancelled or killed. `stop` stops deployments in progress. `revert` also reverts deployments that this run has completed. `leave` changes nothing.',
  }),
} as const;

const probing = 'Probes';

export const probeInputs = {
  probe: lines({
    group: probing,
    default: [],
    help: 'URLs to request while a deployment is deploying and baking, one per line, each with the expected HTTP status (default 200): for example `https://{environment}.example.com/health 200`. `{tenant}` and `{environment}` are replaced with their names.',
  }),
  'probe-alarms': list({
    group: probing,
    default: [],
    help: 'Names or ARNs of CloudWatch alarms to check while a deployment is deploying and baking. The probe fails if one of them is in ALARM state.',
  }),
  'probe-interval': duration({ group: probing, default: 15, help: 'Time between two probes.' }),
  'probe-failures': integer({ min: 1, max: 100 })({
    group: probing,
    default: 2,
    help: 'Number of consecutive failed probes after which the deployment is stopped. A probe without a response is a failed probe.',
  }),
} as const;
