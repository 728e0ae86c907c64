import {
  boolean,
  choice,
  duration,
  integer,
  lines,
  list,
  mapping,
  string,
} from '@aws-delivery/action-kit/inputs/definition';

const group = 'Rollout';

export const rolloutInputs = {
  strategy: string({
    group,
    default: 'AppConfig.Linear20PercentEvery6Minutes',
    help: 'Deployment strategy: the name or ID of an existing one, or a map with `name`, `duration`, `bake`, `growth` and `type` (`linear`, `exponential`) to create one. To set the strategy by environment, use lines such as `dev=AppConfig.AllAtOnce` or a map; `*` applies to all other environments. `Linear50PercentEvery30Seconds` is suitable for tests.',
  }),
  'wait-for': choice(
    'complete',
    'deployed',
    'started',
  )({
    group,
    default: 'complete',
    help: 'State to wait for: `complete` (after the bake time), `deployed` (at 100%, while baking) or `started`. AppConfig runs one deployment at a time in an environment, so this input applies only to the last deployment of each environment.',
  }),
  timeout: duration({
    group,
    help: 'Maximum duration of the action. The step fails when it is reached; reverts of `on-failure` may take up to 30s more. Without it, each deployment has a separate limit: the duration and bake time of its strategy plus 10%, but at least 5m more.',
  }),
  concurrency: integer({ min: 1, max: 1000 })({
    group,
    default: 50,
    help: 'Maximum number of environments to deploy to in parallel. Deployments in the same environment always run one after another.',
  }),
  waves: lines({
    group,
    default: [],
    help: 'Order of the environments, one wave per line: for example `dev`, then `qa, staging`, then `prod`. `*` matches all other environments. Default: one wave with all environments.',
  }),
  rings: lines({
    group,
    default: [],
    help: 'Order of the tenants within each wave, one ring of names or patterns per line: for example `canary`, then `eu-*`, then `*`. Default: one ring with all tenants.',
  }),
  pause: duration({
    group,
    default: 0,
    help: 'Pause between waves and between rings. After the pause, the probes run; if one fails, the rollout stops.',
  }),
  description: string({
    group,
    help: 'Text for the description of the deployments, for example the number of a change request. It follows the marker of the run.',
  }),
  redeploy: boolean({
    group,
    default: false,
    help: 'Also deploy configuration that is unchanged, for example to run the extensions of AppConfig again.',
  }),
  'keep-versions': integer({ min: 1 })({
    group,
    help: 'Number of latest hosted configuration versions to keep. After a successful rollout, older versions that this action created are deleted, except versions that are deployed or that a revert could restore. If empty, no versions are deleted.',
  }),
} as const;

const resources = 'AppConfig resources';

export const resourceInputs = {
  monitors: list({
    group: resources,
    default: [],
    help: 'ARNs of up to five CloudWatch alarms that roll back a deployment. They are set on environments that this action creates.',
  }),
  'monitor-role-arn': string({
    group: resources,
    help: 'IAM role that AppConfig assumes to read the alarms in `monitors`.',
  }),
  tags: mapping({
    group: resources,
    default: {},
    help: 'Tags for resources that this action creates, in addition to the tags that identify them as created by it.',
  }),
  'kms-key-id': string({ group: resources, help: 'KMS key that encrypts the deployed configuration data.' }),
  'dynamic-extension-parameters': mapping({
    group: resources,
    help: 'Dynamic parameters for AppConfig extensions that run with each deployment.',
  }),
} as const;
