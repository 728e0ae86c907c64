import { choice, document, duration, integer, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { ENGINES } from '../engine/engine.js';

const group = 'What to push';

export const imageInputs = {
  mode: choice(
    'push',
    'check',
    'pull',
    'login',
  )({
    group,
    help: '`push` pushes what is not there yet; `check` only looks whether it is there (`exists`, `digest`), so that a workflow can skip its build; `pull` brings one image here; `login` only logs engines in for later steps. Without it: `push` where an image, a repository or a `build-directory` is named, else `login`.',
  }),
  source: string({
    group,
    help: 'The image, as skopeo names it: `image:tag` of an engine on this machine, `docker-daemon:image:tag`, `oci:path[:tag]`, `oci-archive:path[:tag]`, `docker-archive:path[:name:tag]` (what `docker save` writes), `docker://registry/repository[:tag][@digest]`.',
  }),
  destination: string({
    group,
    help: '`mode: pull`: where the image goes: `oci:path[:tag]`, or the name that it gets in an engine. Without it: an engine, under its own name.',
  }),
  engine: choice(...ENGINES)({
    group,
    help: 'The engine that has `image:tag`, builds or pulls. Without it: the first of these that has it, or answers.',
  }),
  repository: string({
    group,
    help: 'The repository in ECR, without the registry: `team/app`. ECR Public: `alias/app`.',
  }),
  tags: list({
    group,
    default: ['{commit}'],
    help: 'Tags to push under. `{commit}`, `{short-commit}` (7), `{branch}`, `{tag}`, `{version}` (the tag without `v`), `{major}`, `{minor}` and `{run}` stand for what the run is about: `build-{run}`.',
  }),
  images: document({
    group,
    help: 'Several images in place of one: a list of `source`, `repository` and `tags` (those of the input without).',
  }),
  'on-existing-tag': choice(
    'move',
    'keep',
    'fail',
  )({
    group,
    default: 'move',
    help: 'When a tag holds another image already: move it, as `docker push` does (an immutable tag cannot be moved: an error); keep what is there and take its digest, with a warning, so that the re-run of a rebuild passes; or fail. The same image is never pushed again.',
  }),
  concurrency: integer({ min: 1, max: 20 })({ group, default: 8, help: 'How many images are pushed at once.' }),
  timeout: duration({ group, default: 3600, help: 'How long the action may take in all. Reaching it is a failure.' }),
  referrers: list({
    group,
    default: [],
    help: 'Files that are pushed as referrers of the image (OCI 1.1), so that tools find them from it: SPDX or CycloneDX JSON, an in-toto statement, a DSSE envelope, a Sigstore bundle, SARIF; any other file with its type: `report.pdf=application/pdf`. In `images` each image has its own.',
  }),
} as const;
