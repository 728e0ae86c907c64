import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { choice, duration, list, string } from '@aws-delivery/action-kit/inputs/definition';
import { UNAVAILABLE_POLICIES } from '@aws-delivery/findings/gate-decision';

const group = 'CodeGuru Reviewer';

/** Inputs of a review by CodeGuru Reviewer, with the names of its CLI as aliases. */
export const reviewerInputs = {
  association: string({
    group,
    aliases: { name: '%' },
    help: 'ARN or name of the repository association in CodeGuru Reviewer. When empty, the action searches for an association with this repository’s owner and name, then with its name only, then with the directory’s name. The action does not create associations, because AWS has not accepted new ones since 7 November 2025.',
  }),
  'source-paths': list({
    group,
    default: [],
    aliases: { source_path: '%' },
    help: 'Directories and files to review, relative to `root-directory`. When empty, all files that git tracks are reviewed.',
  }),
  'build-artifacts': list({
    group,
    default: [],
    aliases: { build_path: '%' },
    help: 'Directories and files with compiled Java code, relative to `root-directory`; `*` and `**` match names. Security analysis requires them. `auto` uses the output directories that exist in any module: `target/classes` of Maven, `build/libs` and `build/classes/java/main` of Gradle. `required` also fails the step if there are none.',
  }),
  'commit-range': string({
    group,
    help: 'Commits between which changes are reviewed, for example `HEAD^:HEAD`. Without the first commit (`:HEAD`), everything is reviewed. When empty, the changes of the pull request (base to head) or push (before to after) are reviewed. On the first push of a branch, after a force push and on other events, everything is reviewed.',
  }),
  'bucket-name': string({
    group,
    aliases: { s3_bucket: '%' },
    help: 'S3 bucket for the source code and build artifacts. The name must begin with `codeguru-reviewer-`. When empty, the bucket of the association is used, or `codeguru-reviewer-cli-<account>-<region>`, the bucket of the AWS CodeGuru CLI. The action does not create buckets.',
  }),
  'kms-key-id': string({
    group,
    aliases: { kms_key_id: '%' },
    help: 'KMS key that encrypts the uploaded objects. When empty, the key of the association or the default encryption of the bucket is used.',
  }),
  'on-no-association': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'What to do when CodeGuru Reviewer has no association for the repository, or the repository is not connected to Inspector: `fail` fails the step, `warn` logs a warning and continues with `verdict: unknown`, and `proceed` continues without the source.',
  }),
  'on-fork': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'What to do when a run has no AWS credentials because the pull request comes from a fork: `fail` fails the step, `warn` logs a warning and continues with `verdict: unknown`, and `proceed` continues without the source.',
  }),
  timeout: duration({
    group,
    default: 1800,
    help: 'Maximum duration of the action. A source that does not finish in time is treated as unavailable; a tenth of the time, at most 30s, remains for comments and reports.',
  }),
} as const;

const connection = 'Connection';

/** Inputs for the connection to AWS. */
export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'AWS Region of CodeGuru Reviewer and Inspector. When empty, the Region of the environment is used.',
  }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
