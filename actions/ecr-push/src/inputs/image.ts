import { boolean, choice, document, duration, integer, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { ENGINES } from '../engine/engine.js';

const group = 'Images';

export const imageInputs = {
  mode: choice(
    'push',
    'check',
    'pull',
    'login',
  )({
    group,
    help: '`push` pushes images that are not in the registry yet. `check` only checks whether they exist (outputs `exists` and `digest`), so that a workflow can skip a build. `pull` pulls one image, and `login` only logs container engines in for later steps. When empty: `push` if an image, a repository or a `build-directory` is set, otherwise `login`.',
  }),
  source: string({
    group,
    help: 'The image, in the notation of skopeo: `image:tag` for an image of a local engine, `docker-daemon:image:tag`, `oci:path[:name]`, `oci-archive:path[:name]`, `docker-archive:path[:name:tag]` for a file written by `docker save`, or `docker://registry/repository[:tag][@digest]`. One of several images in a layout or archive can also be selected with `@sha256:…` or `:@index`, for example `oci:path:@0`. `mode: pull` requires `docker://`.',
  }),
  'index-of': list({
    group,
    default: [],
    help: 'Images that become one image index, instead of `source`: for example those of several jobs, one for each architecture. Each item is a digest in `repository` (output `digest`), `registry/repository@sha256:…` (output `image-uri`), or a location like `source`, except images of an engine. The platforms are read from the configurations of the images; a missing platform or two images for one platform fail the step. Indexes with one platform, as BuildKit pushes them, are joined with their attestations.',
  }),
  destination: string({
    group,
    help: 'Destination of `mode: pull`: `oci:path[:tag]` for an OCI layout, or an image name for a local engine. When empty, the image is pulled to an engine under its own name.',
  }),
  engine: choice(...ENGINES)({
    group,
    help: 'Container engine for local images, builds and pulls. When empty, the action uses the first engine of this list that has the image or, for builds and pulls, that responds.',
  }),
  repository: string({
    group,
    help: 'Name of the ECR repository without the registry, for example `team/app`. For ECR Public: `alias/app`.',
  }),
  tags: list({
    group,
    default: ['{commit}'],
    help: 'Tags of the image. These variables are replaced with values of the workflow run: `{commit}`, `{short-commit}` (7 characters), `{branch}`, `{tag}`, `{version}`, `{major}`, `{minor}` (`1.2.3`, `1` and `1.2` for the Git tag `v1.2.3`), `{run}` (the run number) and `{pr}` (the number of the pull or merge request), for example `build-{run}` or `pr-{pr}`.',
  }),
  images: document({
    group,
    help: 'List of images, instead of `source` and `repository`. Each item has `source`, `repository` and, optionally, `tags` and `referrers`. Items without `tags` use the input `tags`.',
  }),
  'on-existing-tag': choice(
    'move',
    'keep',
    'fail',
  )({
    group,
    default: 'move',
    help: 'What to do when a tag already points to a different image. `move` moves the tag, as `docker push` does; an immutable tag cannot be moved and fails the step. `keep` keeps the existing image, returns its digest and logs a warning, so that the rerun of a build passes. `fail` fails the step. If the tag already points to the same image, nothing is pushed.',
  }),
  'wait-for-replication': boolean({
    group,
    default: false,
    help: 'Wait until ECR has replicated each image to all destinations of the replication rules of the registry, within `timeout`. The step fails if a replication fails, or if no rule applies to the repository. Not available for ECR Public.',
  }),
  concurrency: integer({ min: 1, max: 20 })({
    group,
    default: 8,
    help: 'Maximum number of images that are pushed in parallel.',
  }),
  timeout: duration({
    group,
    default: 3600,
    help: 'Maximum duration of the action. The step fails when it is reached.',
  }),
  referrers: list({
    group,
    default: [],
    help: 'Files to push as referrers of the image (OCI 1.1), for example an SBOM. The action detects SPDX and CycloneDX JSON, in-toto statements, DSSE envelopes, Sigstore bundles and SARIF; specify the media type of other files: `report.pdf=application/pdf`. With `images`, set `referrers` for each image.',
  }),
  'copy-referrers': boolean({
    group,
    default: false,
    help: 'Copy what refers to the image in the repository of `source: docker://…`: signatures, SBOMs, attestations and other OCI 1.1 referrers, and the tags of cosign (`sha256-….sig`, `.att`, `.sbom`), also those of the platforms of an index and of referrers. They are copied before the tags are set. `on-existing-tag` also applies to the tags of cosign.',
  }),
} as const;
