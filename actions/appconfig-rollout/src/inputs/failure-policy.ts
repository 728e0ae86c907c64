import { choice, duration, list } from '@aws-delivery/action-kit/inputs/definition';
import { createProbeInputs } from '@aws-delivery/action-kit/probe/probe-options';

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

const { probe, ...probeTiming } = createProbeInputs({
  group: probing,
  help: 'URLs to request while a deployment is deploying and baking. `{tenant}` and `{environment}` are replaced with their names.',
  failuresHelp: 'Number of consecutive failed probes after which the deployment is stopped.',
});

export const probeInputs = {
  probe,
  'probe-alarms': list({
    group: probing,
    default: [],
    help: 'Names or ARNs of CloudWatch alarms to check while a deployment is deploying and baking. The probe fails if one of them is in ALARM state.',
  }),
  ...probeTiming,
} as const;
