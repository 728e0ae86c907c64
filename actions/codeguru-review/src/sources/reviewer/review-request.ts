import type { Env } from '@aws-delivery/action-kit/util/env';
import { truncate } from '@aws-delivery/action-kit/util/sanitize';
import type { Change } from '@aws-delivery/findings/change/change';
import type {
  CreateCodeReviewRequest,
  RepositoryAssociation,
  RequestMetadata,
  SourceCodeType,
} from '@aws-sdk/client-codeguru-reviewer';
import type { CommitRange } from '../../gate/change-history.js';
import type { UploadedCode } from './upload-code.js';

/** The code to review. */
export interface ReviewSubject {
  readonly association: RepositoryAssociation & { readonly AssociationArn: string };
  readonly change: Change;
  /** Undefined to review everything. */
  readonly range: CommitRange | undefined;
  /** Uploaded code; undefined if CodeGuru Reviewer fetches the branch itself. */
  readonly code: UploadedCode | undefined;
  /** Client request token, unique per attempt of this step: repeating the request does not start a second review. */
  readonly token: string;
  readonly env: Env;
}

/** Name of the branch under review; undefined if the host does not set it. */
export const getBranch = (env: Env): string | undefined =>
  env['GITHUB_HEAD_REF'] || env['GITHUB_REF_NAME'] || undefined;

const EVENT_NAMES: readonly (string | undefined)[] = ['pull_request', 'workflow_dispatch', 'schedule', 'push'];

const getEventName = ({ change, range, env }: ReviewSubject): string => {
  const name = env['GITHUB_EVENT_NAME'];
  if (change.kind === 'pull-request') return 'pull_request';
  if (range !== undefined) return 'push';
  return name !== undefined && EVENT_NAMES.includes(name) ? name : 'schedule';
};

const buildMetadata = (subject: ReviewSubject): RequestMetadata => {
  const { change, env } = subject;
  const actor = env['GITHUB_ACTOR'];
  const id = change.kind === 'pull-request' ? change.number : env['GITHUB_RUN_ID'];
  return {
    ...(id ? { RequestId: truncate(String(id), 64) } : {}),
    ...(actor ? { Requester: truncate(actor, 100) } : {}),
    EventInfo: { Name: getEventName(subject), ...(change.kind === 'pull-request' ? { State: 'open' } : {}) },
    VendorName: env['GITHUB_ACTIONS'] === 'true' ? 'GitHub' : 'NativeS3',
  };
};

const buildSourceCode = (subject: ReviewSubject, { bucket, artifacts }: UploadedCode): SourceCodeType => {
  const { association, range, env } = subject;
  const branch = getBranch(env);
  return {
    S3BucketRepository: {
      Name: association.Name ?? '',
      Details: { BucketName: bucket, CodeArtifacts: artifacts },
    },
    ...(range === undefined
      ? {}
      : { CommitDiff: { SourceCommit: range.head, DestinationCommit: range.base, MergeBaseCommit: range.base } }),
    ...(branch === undefined ? {} : { RepositoryHead: { BranchName: branch } }),
    RequestMetadata: buildMetadata(subject),
  };
};

/** Security analysis of uploaded code needs build artifacts (CodeGuru Reviewer's user guide). */
const listAnalysisTypes = ({ code }: ReviewSubject): ('Security' | 'CodeQuality')[] =>
  code !== undefined && code.artifacts.BuildArtifactsObjectKey === undefined
    ? ['CodeQuality']
    : ['Security', 'CodeQuality'];

export const buildReviewRequest = (subject: ReviewSubject): CreateCodeReviewRequest => {
  const { association, code, token, env } = subject;
  const analysis =
    code === undefined
      ? { RepositoryHead: { BranchName: getBranch(env) ?? 'main' } }
      : { SourceCodeType: buildSourceCode(subject, code) };
  return {
    Name: truncate(`aws-delivery-${token}`, 100),
    ClientRequestToken: token,
    RepositoryAssociationArn: association.AssociationArn,
    Type: { RepositoryAnalysis: analysis, AnalysisTypes: listAnalysisTypes(subject) },
  };
};
