import { boolean, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Builds';

export const buildInputs = {
  'build-directory': string({
    group,
    help: 'Directory whose subdirectories are built and pushed if they contain a `Dockerfile`. The path is relative to the workspace. Cannot be combined with `source`, `repository` or `images`.',
  }),
  'repository-prefix': string({
    group,
    help: 'Prefix of the repository names, followed directly by the name of the subdirectory. For the subdirectory `routing-lambda`, `dev-` results in `dev-routing-lambda`, and `team/` in `team/routing-lambda`.',
  }),
  'build-args': mapping({
    group,
    default: {},
    help: 'Build arguments for every image. Do not pass secrets as build arguments.',
  }),
  'common-layer': string({
    group,
    help: 'Subdirectory with the base image of the other images. It is built and pushed before them. When empty, the subdirectory `common-layer` is used if it exists.',
  }),
  'common-layer-argument': string({
    group,
    default: 'COMMON_LAYER',
    help: 'Build argument that contains the name of the base image from `common-layer`. Use it in a Dockerfile as `ARG COMMON_LAYER` and `FROM ${COMMON_LAYER}`.',
  }),
  'changed-since': string({
    group,
    help: 'Build only subdirectories with files that changed since this commit, or all of them if the common layer changed. The checkout must contain the commit (`fetch-depth: 0`). When empty, all subdirectories are built.',
  }),
  'build-logins': boolean({
    group,
    default: false,
    help: 'Allow builds to pull private base images with the logins to the target registries and the logins in Docker’s configuration. By default, builds have no registry credentials.',
  }),
} as const;
