export const outputs = {
  deployments: {
    help: 'Result for each profile in each environment, as a JSON list of `{tenant, environment, profile, state, reason, version, label, deployment, percentage, startedAt, endedAt, revertibleUntil}`. `deployment` is the deployment number; `state` is `unchanged`, `complete`, `deployed`, `started`, `planned`, `pulled`, `differs`, `failed`, `rolled-back`, `reverted`, `unfinished` or `not-started`.',
  },
  changed: {
    help: 'Number of deployments that reached the state of `wait-for`; in `mode: preview`, the number of planned deployments; in `mode: pull`, the number of written files.',
  },
  skipped: { help: 'Number of deployments that were not needed because the configuration is unchanged.' },
  failed: { help: 'Number of deployments that failed, did not finish or were not started.' },
  'rolled-back': { help: 'Number of deployments that were rolled back or reverted.' },
  versions: {
    help: 'Version of each profile in each environment after the run, as JSON: `{"tenant/environment/profile": "12"}`.',
  },
} as const;
