import type { Variables } from '@aws-delivery/action-kit/inputs';
import { cutText } from '@aws-delivery/action-kit/untrusted';
import type { Change } from '@aws-delivery/findings/change';
import type {
  CodeArtifacts,
  CreateCodeReviewRequest,
  RepositoryAssociation,
  RequestMetadata,
  SourceCodeType,
} from '@aws-sdk/client-codeguru-reviewer';
import type { CommitRange } from './history.js';

/** What a review is to be of. */
export interface ReviewSubject {
  readonly association: RepositoryAssociation & { readonly AssociationArn: string };
  readonly change: Change;
  /** Undefined for everything. */
  readonly range: CommitRange | undefined;
  /** Code in S3; undefined for what CodeGuru Reviewer fetches itself. */
  readonly code: { readonly bucket: string; readonly artifacts: CodeArtifacts } | undefined;
  /** Unique to this attempt of this step: the same again starts no second review. */
  readonly token: string;
  readonly variables: Variables;
}

/** The branch under review, by its name; undefined where the host does not say. */
export const branchOf = (variables: Variables): string | undefined =>
  variables['GITHUB_HEAD_REF'] || variables['GITHUB_REF_NAME'] || undefined;

const EVENTS: readonly (string | undefined)[] = ['pull_request', 'workflow_dispatch', 'schedule', 'push'];

const eventOf = ({ change, range, variables }: ReviewSubject): string => {
  const name = variables['GITHUB_EVENT_NAME'];
  if (change.kind === 'pull-request') return 'pull_request';
  if (range !== undefined) return 'push';
  return name !== undefined && EVENTS.includes(name) ? name : 'schedule';
};

const metadataOf = (subject: ReviewSubject): RequestMetadata => {
  const { change, variables } = subject;
  const actor = variables['GITHUB_ACTOR'];
  const id = change.kind === 'pull-request' ? change.number : variables['GITHUB_RUN_ID'];
  return {
    ...(id ? { RequestId: cutText(String(id), 64) } : {}),
    ...(actor ? { Requester: cutText(actor, 100) } : {}),
    EventInfo: { Name: eventOf(subject), ...(change.kind === 'pull-request' ? { State: 'open' } : {}) },
    VendorName: variables['GITHUB_ACTIONS'] === 'true' ? 'GitHub' : 'NativeS3',
  };
};

const sourceCodeOf = (
  subject: ReviewSubject,
  { bucket, artifacts }: NonNullable<ReviewSubject['code']>,
): SourceCodeType => {
  const { association, range, variables } = subject;
  const branch = branchOf(variables);
  return {
    S3BucketRepository: {
      Name: association.Name ?? '',
      Details: { BucketName: bucket, CodeArtifacts: artifacts },
    },
    ...(range === undefined
      ? {}
      : { CommitDiff: { SourceCommit: range.head, DestinationCommit: range.base, MergeBaseCommit: range.base } }),
    ...(branch === undefined ? {} : { RepositoryHead: { BranchName: branch } }),
    RequestMetadata: metadataOf(subject),
  };
};

/** Security analysis needs compiled code (CodeGuru Reviewer's user guide); for code it fetches itself it looks alone. */
const analysisOf = ({ code }: ReviewSubject): ('Security' | 'CodeQuality')[] =>
  code !== undefined && code.artifacts.BuildArtifactsObjectKey === undefined
    ? ['CodeQuality']
    : ['Security', 'CodeQuality'];

/** The call that starts a review. */
export const reviewRequest = (subject: ReviewSubject): CreateCodeReviewRequest => {
  const { association, code, token, variables } = subject;
  const analysis =
    code === undefined
      ? { RepositoryHead: { BranchName: branchOf(variables) ?? 'main' } }
      : { SourceCodeType: sourceCodeOf(subject, code) };
  return {
    Name: cutText(`aws-delivery-${token}`, 100),
    ClientRequestToken: token,
    RepositoryAssociationArn: association.AssociationArn,
    Type: { RepositoryAnalysis: analysis, AnalysisTypes: analysisOf(subject) },
  };
};
