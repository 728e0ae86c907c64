import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withElapsed, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { createRunId } from '@aws-delivery/action-kit/host/run-id';
import type { Network } from '@aws-delivery/action-kit/http/network';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration, pluralize } from '@aws-delivery/action-kit/util/format';
import { tryParseArn } from '@aws-delivery/aws/arn';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { poll } from '@aws-delivery/aws/poll';
import type { PrivacyService, S3 } from '@aws-delivery/aws/s3/s3';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import type { CodeReview } from '@aws-sdk/client-codeguru-reviewer';
import type { ReviewerRequest } from '../../inputs/parse-request.js';
import type { SourceContext } from '../source-context.js';
import { toUnavailableResult } from '../source-error.js';
import type { SourceError, SourceResult } from '../source-result.js';
import { findAssociation } from './association.js';
import { isFinding, REVIEWER_NAME, toFinding } from './recommendation.js';
import {
  createBranchHeadLookup,
  findBranchMismatch,
  findConfigurationMismatch,
  type GetBranchHead,
} from './review-mismatch.js';
import { buildReviewRequest, getBranch } from './review-request.js';
import { type Reviewer, SdkReviewer } from './reviewer-client.js';
import { type ReviewTarget, type UploadContext, type UploadServices, uploadCode } from './upload-code.js';

export interface ReviewerServices extends SourceContext {
  readonly host: Host;
  readonly network: Network;
  readonly clientConfig: AwsClientConfig;
  readonly s3: S3 & PrivacyService;
}

interface ReviewServices extends UploadServices {
  readonly change: Change;
  readonly reviewer: Reviewer;
  readonly getBranchHead: GetBranchHead;
}

const toTarget = (association: ReviewTarget['association']): ReviewTarget => {
  const arn = tryParseArn(association.AssociationArn);
  if (arn === undefined) throw new DeliveryError('unexpected', `'${association.AssociationArn}' is not an ARN`);
  return { association, account: arn.account, region: arn.region };
};

/** Directory for archives, removed after the review. */
const createTempDirectory = async (env: Env): Promise<string> => {
  const parent = env['RUNNER_TEMP'] || tmpdir();
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'codeguru-review-'));
};

interface ReviewContext extends UploadContext {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Slower than the documented rate of one call per second, which all jobs of the account share. */
const POLL_BACKOFF = { initialDelayMs: 5000, maxDelayMs: 10_000 };

const HEARTBEAT_INTERVAL_MS = 60_000;

const followReview = async (arn: string, deadline: number, { host, reviewer }: ReviewServices): Promise<CodeReview> => {
  const { clock, log, signal } = host;
  const formatLine = (elapsed: number): string => `Waiting for the code review (${formatDuration(elapsed)})`;
  return withHeartbeat({ log: withElapsed(log, clock), clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine }, () =>
    poll({
      label: `code review ${arn} to complete`,
      clock,
      signal,
      deadline,
      backoff: POLL_BACKOFF,
      read: async () => {
        const value = await reviewer.getReview(arn);
        return value.State === 'Pending' ? { state: 'pending' } : { state: 'done', value };
      },
    }),
  );
};

const createUnavailableError = (message: string): SourceError => ({
  source: 'codeguru-reviewer',
  kind: 'unavailable',
  message,
});

/** A message if the list is shorter than the count in the review's metrics, and so incomplete. */
const formatMissingRecommendations = (arn: string, counted: number, listed: number): string | undefined =>
  listed >= counted
    ? undefined
    : `code review ${arn} reports ${pluralize(counted, 'recommendation')}, but lists ${listed}`;

const readReview = async (
  arn: string,
  { deadline, pathPrefix }: { readonly deadline: number; readonly pathPrefix: string },
  services: ReviewServices,
): Promise<SourceResult> => {
  const { State: state = 'unknown', StateReason: reason, Metrics } = await followReview(arn, deadline, services);
  if (state !== 'Completed') {
    const message = `code review ${arn} has the state ${state}${reason === undefined ? '' : `: ${reason}`}`;
    return { ...toUnavailableResult(createUnavailableError(message)), reviewArn: arn };
  }
  const recommendations = await services.reviewer.listRecommendations(arn);
  const findings = recommendations.filter(isFinding).map((each) => toFinding(each, pathPrefix));
  const missingMessage = formatMissingRecommendations(arn, Metrics?.FindingsCount ?? 0, recommendations.length);
  const errors = missingMessage === undefined ? [] : [createUnavailableError(missingMessage)];
  return { source: 'codeguru-reviewer', scanners: [REVIEWER_NAME], findings, errors, reviewArn: arn };
};

/** Why the review may be of another commit; undefined for uploaded code, which is always the right one. */
const checkBranch = ({ target }: ReviewContext, services: ReviewServices): Promise<string | undefined> => {
  const { change, host } = services;
  if (target.association.ProviderType === 'S3Bucket') return Promise.resolve(undefined);
  return findBranchMismatch(getBranch(host.env) ?? 'main', getReviewedCommit(change, host.env), services);
};

const runReview = async (context: ReviewContext, services: ReviewServices): Promise<SourceResult> => {
  const { target, range, token, deadline } = context;
  const { association } = target;
  const { host, reviewer, change } = services;
  const mismatch = await checkBranch(context, services);
  if (mismatch !== undefined) return toUnavailableResult(createUnavailableError(mismatch));
  const code = association.ProviderType === 'S3Bucket' ? await uploadCode(context, services) : undefined;
  const created = await reviewer.createReview(
    buildReviewRequest({ association, change, range, code, token, env: host.env }),
  );
  const arn = created.CodeReviewArn;
  if (arn === undefined) throw new DeliveryError('unexpected', 'CreateCodeReview returned no ARN');
  const scope =
    range === undefined ? 'all code' : `the changes from ${range.base.slice(0, 12)} to ${range.head.slice(0, 12)}`;
  host.log.info(`Started code review of ${scope}: ${arn}`);
  const result = await readReview(arn, { deadline, pathPrefix: code?.pathPrefix ?? '' }, services);
  const mismatches = [await checkBranch(context, services), await findConfigurationMismatch(services)];
  return {
    ...result,
    notices: code?.notices ?? [],
    errors: [...result.errors, ...mismatches.flatMap((reason) => (reason ? [createUnavailableError(reason)] : []))],
  };
};

/**
 * Runs a review by CodeGuru Reviewer: finds the association, uploads the code, starts the review, waits for it, and
 * lists its recommendations. Throws the errors of the AWS SDK.
 */
export const queryReviewer = async (source: ReviewerRequest, services: ReviewerServices): Promise<SourceResult> => {
  const { request, change, checkout, history, host, network, clientConfig, s3 } = services;
  const { repository, root } = checkout;
  const { clock, log, signal, env } = host;
  const deadline = clock.now() + source.timeout;
  const reviewer = new SdkReviewer(clientConfig, { clock, signal, deadline });
  const repositoryNames = {
    association: source.association,
    repository: env['GITHUB_REPOSITORY'],
    directory: basename(root),
  };
  const lookup = await findAssociation(repositoryNames, { reviewer, clock, signal, deadline });
  if (lookup.kind === 'none') {
    return toUnavailableResult({ source: 'codeguru-reviewer', kind: 'no-association', message: lookup.message });
  }
  const target = toTarget(lookup.association);
  const { association } = target;
  log.info(
    `Using repository association ${association.Name ?? ''} (provider ${association.ProviderType ?? 'unknown'})`,
  );
  const range = await history.getRange();
  const runParts = [association.AssociationArn, root, JSON.stringify([source.sourcePaths, source.buildPaths, range])];
  const { id: token } = createRunId(env, runParts, `local-${clock.now()}`);
  const getBranchHead = createBranchHeadLookup({ network, token: request.token, env }, repository);
  const tempDirectory = await createTempDirectory(env);
  try {
    return await runReview(
      { source, target, range, token, tempDirectory, deadline },
      { host, s3, checkout, change, reviewer, getBranchHead },
    );
  } finally {
    await rm(tempDirectory, { recursive: true, force: true });
  }
};
