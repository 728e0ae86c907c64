import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Where to';

export const registryInputs = {
  registries: list({
    group,
    default: [],
    help: 'Registries, by the ids of their accounts. Without it: the caller’s own.',
  }),
  regions: list({ group, default: [], help: 'Regions to push to. Without it: that of the run.' }),
  'registry-type': choice(
    'private',
    'public',
  )({ group, default: 'private', help: 'Amazon ECR, or Amazon ECR Public (`public.ecr.aws`).' }),
  'registry-endpoint': string({
    group,
    help: 'Where the registry is reached, in place of the address that ECR gives: a VPC endpoint, a proxy in front, an emulator. Names of images keep the registry’s own.',
  }),
  'skip-logout': boolean({
    group,
    default: false,
    help: 'Keep the login after the job. Engines of later jobs on the machine do not see it: it has a folder of its own.',
  }),
  'mask-password': boolean({
    group,
    default: true,
    help: 'Mask passwords in the log. GitHub hands no masked output to another job; `false` makes that possible.',
  }),
} as const;

const connection = 'Connection';

export const connectionInputs = {
  'aws-region': string({ group: connection, help: 'Region of the run. Without it: that of the environment.' }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
