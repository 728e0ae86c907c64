import { boolean, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What to build';

export const buildInputs = {
  'build-directory': string({
    group,
    help: 'Build and push every subfolder that has a `Dockerfile`, in place of `source` and `images`. Paths start from the workspace.',
  }),
  'repository-prefix': string({
    group,
    help: 'What stands before the folder’s name in the name of its repository, literally: `dev-` makes `dev-routing-lambda`, `team/` makes `team/routing-lambda`.',
  }),
  'build-args': mapping({ group, default: {}, help: 'Build arguments of every image. They are no place for secrets.' }),
  'common-layer': string({
    group,
    help: 'The subfolder that is built and pushed before the others, as an image they begin from. Without it: `common-layer`, where there is one.',
  }),
  'common-layer-argument': string({
    group,
    default: 'COMMON_LAYER',
    help: 'Build argument that tells the others the name of that image: `ARG COMMON_LAYER`, `FROM ${COMMON_LAYER}`.',
  }),
  'changed-since': string({
    group,
    help: 'Build only subfolders with files changed since this commit (needs its history: `fetch-depth: 0`), and all of them when the common layer did.',
  }),
  'build-logins': boolean({
    group,
    default: false,
    help: 'Let builds pull private images, with the logins to the registries and those of Docker’s configuration. Without it builds have no credentials.',
  }),
} as const;
