import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { choice, duration, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { UNAVAILABLE_POLICIES } from '@aws-delivery/findings/gate-decision';

const group = 'CodeGuru Reviewer';

/** Inputs of a review by CodeGuru Reviewer, with the names of its CLI as aliases. */
export const reviewerInputs = {
  association: string({
    group,
    aliases: { name: '%' },
    help: 'The repository’s association: its ARN or its name. Without it: the one of this owner and repository, of this repository’s name, or of the folder’s. None is ever created: AWS takes no new ones since 7 November 2025.',
  }),
  'source-paths': list({
    group,
    default: [],
    aliases: { source_path: '%' },
    help: 'Folders and files to review, from `root-directory`; everything that git tracks without it.',
  }),
  'build-artifacts': list({
    group,
    default: [],
    aliases: { build_path: '%' },
    help: 'Folders and files of compiled Java, from `root-directory`: security analysis needs them. `auto` takes what there is of Maven’s `target/classes` and Gradle’s `build/libs` or `build/classes/java/main`.',
  }),
  'commit-range': string({
    group,
    help: 'Commits between which changes are reviewed, as `HEAD^:HEAD`. Without it: base and head of a pull request, before and after of a push; everything at the first push, after a force push and on other events.',
  }),
  'bucket-name': string({
    group,
    aliases: { s3_bucket: '%' },
    help: 'Bucket for source and build artifacts; its name begins with `codeguru-reviewer-`. Without it: the association’s, or the CLI’s `codeguru-reviewer-cli-<account>-<region>`. It is never created.',
  }),
  'kms-key-id': string({
    group,
    aliases: { kms_key_id: '%' },
    help: 'KMS key that encrypts what is uploaded; without it the association’s, or the bucket’s own.',
  }),
  'on-no-association': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'When the repository has no association, or Inspector does not know it: fail; warn and go on with `verdict: unknown`; or go on.',
  }),
  'on-fork': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'When a pull request comes from a fork and the run has no AWS credentials, which forks never get: fail; warn and go on with `verdict: unknown`; or go on.',
  }),
  timeout: duration({
    group,
    default: 1800,
    help: 'How long a source may take in all. Then it has given no complete answer.',
  }),
} as const;

const connection = 'Connection';

/** Inputs for the connection to AWS. */
export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'Region of the sources; without it that of the environment.',
  }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
