import { boolean, lines, mapping, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Builds';

export const buildInputs = {
  'build-directory': string({
    group,
    help: 'Directory whose subdirectories are built and pushed if they contain a `Dockerfile`. The path is relative to the workspace. Cannot be combined with `source`, `repository` or `images`.',
  }),
  dockerfile: string({
    group,
    default: 'Dockerfile',
    help: 'Path of the Dockerfile in each subdirectory, for example `docker/Dockerfile`. Subdirectories without this file are skipped.',
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
  'build-target': string({
    group,
    help: 'Stage of the Dockerfile to build. When empty, the last stage is built. The common layer is always built completely.',
  }),
  'build-secrets': mapping({
    group,
    secret: true,
    default: {},
    help: 'Secrets of the builds by ID, for `RUN --mount=type=secret,id=…`. The values are masked, and passed to the engine in private files that are deleted at the end of the step. They are neither on a command line nor in the image.',
  }),
  'build-secret-files': mapping({
    group,
    default: {},
    help: 'Files with secrets of the builds by ID: `npmrc=config/.npmrc`. Paths are relative to the workspace.',
  }),
  'build-cache-from': lines({
    group,
    default: [],
    help: 'Sources of the build cache, one per line, in the notation of the engine: `type=registry,ref=…` for Docker and nerdctl, a repository for podman and buildah. `{name}` is replaced with the name of the subdirectory. A private registry requires `build-logins: true`.',
  }),
  'build-cache-to': lines({
    group,
    default: [],
    help: 'Destinations of the build cache, one per line, like `build-cache-from`. Use `{name}`, so that the images do not overwrite each other’s cache.',
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
