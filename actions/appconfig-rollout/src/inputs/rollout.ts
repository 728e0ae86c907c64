import { choice, duration, integer, lines, list, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'How it is rolled out';

export const rolloutInputs = {
  strategy: string({
    group,
    default: 'AppConfig.Linear20PercentEvery6Minutes',
    help: 'Deployment strategy: a name or id, or a new one as a map of `name`, `duration`, `bake`, `growth` and `type` (`linear`, `exponential`). One per environment as `dev=AppConfig.AllAtOnce` lines or a map; `*` for the others. `Linear50PercentEvery30Seconds` is for trying things.',
  }),
  'wait-for': choice(
    'complete',
    'deployed',
    'started',
  )({
    group,
    default: 'complete',
    help: 'When a deployment counts as done: baked, at 100 %, or begun. An environment takes one deployment at a time, so only its last one can be left behind early.',
  }),
  timeout: duration({
    group,
    help: 'How long one deployment may take. Without it: what its strategy needs, and a margin.',
  }),
  concurrency: integer({ min: 1, max: 1000 })({
    group,
    default: 50,
    help: 'How many environments are deployed to at the same time. Deployments of one environment always run one after another.',
  }),
  waves: lines({
    group,
    default: [],
    help: 'Environments in order, one wave a line: `dev`, then `qa, staging`, then `prod`. `*` stands for the others.',
  }),
  rings: lines({
    group,
    default: [],
    help: 'Tenants in order within each wave, one ring a line, with patterns: `canary`, then `eu-*`, then `*`.',
  }),
  pause: duration({
    group,
    default: 0,
    help: 'Pause between waves and between rings, after which the probes must be well.',
  }),
  'keep-versions': integer({ min: 1 })({
    group,
    help: 'After a good rollout, delete older hosted versions that this action made: the latest ones stay, and whatever is deployed.',
  }),
} as const;

const resources = 'What is created';

export const resourceInputs = {
  monitors: list({
    group: resources,
    default: [],
    help: 'ARNs of CloudWatch alarms that roll a deployment back, for environments that are created here.',
  }),
  'monitor-role-arn': string({ group: resources, help: 'Role with which AppConfig reads those alarms.' }),
  tags: mapping({
    group: resources,
    default: {},
    help: 'Tags of what is created, beside those that mark it as made here.',
  }),
  'kms-key-id': string({ group: resources, help: 'KMS key that deployed content is encrypted with.' }),
  'dynamic-extension-parameters': mapping({
    group: resources,
    help: 'Parameters for the extensions of AppConfig that run with each deployment.',
  }),
} as const;
