import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, choice, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Registries';

export const registryInputs = {
  registries: list({
    group,
    default: [],
    help: 'Account IDs of the registries. When empty, the registry of the caller’s account is used.',
  }),
  regions: list({
    group,
    default: [],
    help: 'AWS Regions of the registries. When empty, the Region of the step is used (`aws-region` or the environment).',
  }),
  'registry-type': choice(
    'private',
    'public',
  )({
    group,
    default: 'private',
    help: '`private` for Amazon ECR, `public` for Amazon ECR Public (`public.ecr.aws`).',
  }),
  'registry-endpoint': string({
    group,
    help: 'Address of the registry, instead of the one that ECR returns: for example a VPC endpoint, a reverse proxy or an emulator. Image names still contain the registry’s own address; `mode: login` writes a login for both addresses.',
  }),
  'skip-logout': boolean({
    group,
    default: false,
    help: 'Keep the registry logins after the job. They are stored in a separate directory, so engines in later jobs on the same machine do not use them.',
  }),
  'mask-password': boolean({
    group,
    default: true,
    help: 'Mask registry passwords in the log. GitHub does not pass masked outputs to other jobs; set `false` to make the passwords available there.',
  }),
} as const;

const connection = 'Connection';

export const connectionInputs = {
  'aws-region': string({ group: connection, help: 'AWS Region. When empty, the Region of the environment is used.' }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
