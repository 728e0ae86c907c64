import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withElapsed, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { createRunId } from '@aws-delivery/action-kit/host/run-id';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { tryParseArn } from '@aws-delivery/aws/arn';
import { classifyError } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import { ArtifactStore, withRetry } from '@aws-delivery/aws/s3/artifact-store';
import type { OwnedBucket, PrivacyService, S3 } from '@aws-delivery/aws/s3/s3';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import type { CodeArtifacts, CodeReview, RepositoryAssociation } from '@aws-sdk/client-codeguru-reviewer';
import type { ChangeHistory, CommitRange } from '../../gate/change-history.js';
import type { ReviewerRequest } from '../../inputs/parse-request.js';
import { toUnavailableResult } from '../source-error.js';
import type { SourceError, SourceResult } from '../source-result.js';
import { findAssociation } from './association.js';
import type { GetBranchHead } from './branch-head.js';
import { isFinding, REVIEWER_NAME, toFinding } from './recommendation.js';
import { findBranchMismatch, findConfigurationMismatch } from './review-mismatch.js';
import { buildReviewRequest, getBranch } from './review-request.js';
import type { Reviewer } from './reviewer-client.js';
import { createBuildArtifact, createSourceArtifact } from './source-artifacts.js';
import { saveUpload } from './upload.js';

export interface ReviewServices {
  readonly host: Host;
  readonly reviewer: Reviewer;
  readonly s3: S3 & PrivacyService;
  readonly repository: Repository;
  readonly history: ChangeHistory;
  readonly change: Change;
  readonly getBranchHead: GetBranchHead;
  /** The folder that is looked at. */
  readonly root: string;
  /** Where a private folder can be made. */
  readonly temporary: string;
}

/** An association with the account and Region that its ARN names. */
interface Target {
  readonly association: RepositoryAssociation & { readonly AssociationArn: string };
  readonly account: string;
  readonly region: string;
}

const toTarget = (association: Target['association']): Target => {
  const arn = tryParseArn(association.AssociationArn);
  if (arn === undefined) throw new DeliveryError('unexpected', `'${association.AssociationArn}' is no ARN`);
  return { association, account: arn.account, region: arn.region };
};

const resolveBucket = ({ association, account, region }: Target, { bucket }: ReviewerRequest): string => {
  const own = association.S3RepositoryDetails?.BucketName;
  if (own !== undefined && bucket !== undefined && own !== bucket) {
    const rule = `is not the bucket of the association, which is '${own}'`;
    throw new DeliveryError('invalid-input', `input 'bucket-name': '${bucket}' ${rule}: leave the input out`);
  }
  return own ?? bucket ?? `codeguru-reviewer-cli-${account}-${region}`;
};

const resolveKmsKey = ({ association }: Target, { kmsKeyId }: ReviewerRequest): string | undefined => {
  const { EncryptionOption: option, KMSKeyId: own } = association.KMSKeyDetails ?? {};
  return kmsKeyId ?? (option === 'CUSTOMER_MANAGED_CMK' ? own : undefined);
};

interface UploadedCode {
  readonly bucket: string;
  readonly artifacts: CodeArtifacts;
}

interface ReviewContext {
  readonly request: ReviewerRequest;
  readonly target: Target;
  readonly range: CommitRange | undefined;
  readonly token: string;
  readonly directory: string;
}

/** What is uploaded is as private as the bucket: of that, only a policy can let the world in to objects of ours. */
const rejectPublicBucket = async (bucket: OwnedBucket, { host, s3 }: ReviewServices): Promise<void> => {
  const isPublic = await withRetry(`a look at the policy of bucket ${bucket.bucket}`, host, () =>
    s3.isPublic(bucket),
  ).catch((cause) => {
    if (classifyError(cause) !== 'denied') throw cause;
    const requirement = `the role needs s3:GetBucketPolicyStatus there, and the bucket must belong to account ${bucket.owner}`;
    throw new DeliveryError('denied', `nobody knows whether bucket ${bucket.bucket} is private: ${requirement}`, {
      cause,
    });
  });
  if (!isPublic) return;
  const hint = 'block its public access, or name another';
  throw new DeliveryError('rejected', `bucket ${bucket.bucket} lets anybody read by its policy: ${hint}`);
};

/** Packs source and build artifacts and uploads them under names of this run's own, which its post step removes. */
const uploadArtifacts = async (context: ReviewContext, services: ReviewServices): Promise<UploadedCode> => {
  const { request, target, range, token, directory } = context;
  const { host, s3, root, repository } = services;
  const { sourcePaths, buildPaths } = request;
  const history = range === undefined ? 'without' : 'with';
  const bucket = resolveBucket(target, request);
  const owned = { bucket, owner: target.account, region: target.region };
  await rejectPublicBucket(owned, services);
  const source = await createSourceArtifact({ root, sourcePaths, history, repository, temporary: directory });
  const build = await createBuildArtifact(buildPaths, root, directory);
  const prefix = `aws-delivery/${token}`;
  const artifacts = build === undefined ? [source] : [source, build];
  saveUpload(host, { ...owned, directory, keys: artifacts.map(({ name }) => `${prefix}/${name}`) });
  const store = new ArtifactStore(
    { ...owned, prefix, kmsKeyId: resolveKmsKey(target, request) },
    { s3, clock: host.clock, signal: host.signal },
  );
  const [storedSource, storedBuild] = [
    await store.put(source),
    build === undefined ? undefined : await store.put(build),
  ];
  host.log.info(`Uploaded ${[storedSource, storedBuild].flatMap((each) => each?.uri ?? []).join(' and ')}`);
  return {
    bucket,
    artifacts: {
      SourceCodeArtifactsObjectKey: storedSource.key,
      ...(storedBuild === undefined ? {} : { BuildArtifactsObjectKey: storedBuild.key }),
    },
  };
};

/** Followed slower than the documented rate of one call a second, since other jobs of the account ask as well. */
const POLL_BACKOFF = { initialDelayMs: 5000, maxDelayMs: 10_000 };

const HEARTBEAT_INTERVAL_MS = 60_000;

const followReview = async (arn: string, deadline: number, { host, reviewer }: ReviewServices): Promise<CodeReview> => {
  const { clock, log, signal } = host;
  const formatLine = (elapsed: number): string => `The review goes on, ${formatDuration(elapsed)} by now`;
  return withHeartbeat({ log: withElapsed(log, clock), clock, intervalMs: HEARTBEAT_INTERVAL_MS, formatLine }, () =>
    poll({
      label: `code review ${arn} to be completed`,
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

/** A list that has fewer than the review has counted is not whole. */
const formatMissingRecommendations = (arn: string, counted: number, listed: number): string | undefined =>
  listed >= counted ? undefined : `code review ${arn} has ${counted} recommendations, and lists ${listed}`;

const readReview = async (arn: string, deadline: number, services: ReviewServices): Promise<SourceResult> => {
  const { State: state = 'of no state', StateReason: reason, Metrics } = await followReview(arn, deadline, services);
  if (state !== 'Completed') {
    const message = `code review ${arn} is ${state}${reason === undefined ? '' : `: ${reason}`}`;
    return { ...toUnavailableResult(createUnavailableError(message)), reviewArn: arn };
  }
  const recommendations = await services.reviewer.listRecommendations(arn);
  const findings = recommendations.filter(isFinding).map(toFinding);
  const missingMessage = formatMissingRecommendations(arn, Metrics?.FindingsCount ?? 0, recommendations.length);
  const errors = missingMessage === undefined ? [] : [createUnavailableError(missingMessage)];
  return { source: 'codeguru-reviewer', scanners: [REVIEWER_NAME], findings, errors, reviewArn: arn };
};

/** Whether CodeGuru Reviewer looks at the commit under review; of what is uploaded it does. */
const checkBranch = ({ target }: ReviewContext, services: ReviewServices): Promise<string | undefined> => {
  const { change, host } = services;
  if (target.association.ProviderType === 'S3Bucket') return Promise.resolve(undefined);
  return findBranchMismatch(getBranch(host.env) ?? 'main', getReviewedCommit(change, host.env), services);
};

const runReview = async (context: ReviewContext, deadline: number, services: ReviewServices): Promise<SourceResult> => {
  const { target, range, token } = context;
  const { association } = target;
  const { host, reviewer, change } = services;
  const mismatch = await checkBranch(context, services);
  if (mismatch !== undefined) return toUnavailableResult(createUnavailableError(mismatch));
  const code = association.ProviderType === 'S3Bucket' ? await uploadArtifacts(context, services) : undefined;
  const created = await reviewer.createReview(
    buildReviewRequest({ association, change, range, code, token, env: host.env }),
  );
  const arn = created.CodeReviewArn;
  if (arn === undefined) throw new DeliveryError('unexpected', 'CreateCodeReview named no ARN');
  const scope =
    range === undefined ? 'everything' : `changes from ${range.base.slice(0, 12)} to ${range.head.slice(0, 12)}`;
  host.log.info(`Review of ${scope}: ${arn}`);
  const result = await readReview(arn, deadline, services);
  const mismatches = [await checkBranch(context, services), await findConfigurationMismatch(services)];
  return {
    ...result,
    errors: [...result.errors, ...mismatches.flatMap((reason) => (reason ? [createUnavailableError(reason)] : []))],
  };
};

/**
 * A review by CodeGuru Reviewer: finds the association, uploads the code, starts the review, awaits it and fetches what
 * it recommends. Throws what AWS says where it says no.
 */
export const queryReviewer = async (request: ReviewerRequest, services: ReviewServices): Promise<SourceResult> => {
  const { host, reviewer, root, history } = services;
  const { clock, log, signal, env } = host;
  const deadline = clock.now() + request.timeout;
  const repositoryNames = {
    association: request.association,
    repository: env['GITHUB_REPOSITORY'],
    directory: basename(root),
  };
  const lookup = await findAssociation(repositoryNames, { reviewer, clock, signal, deadline });
  if (lookup.kind === 'none') {
    return toUnavailableResult({ source: 'codeguru-reviewer', kind: 'no-association', message: lookup.message });
  }
  const target = toTarget(lookup.association);
  log.info(`Association ${target.association.Name ?? ''} (${target.association.ProviderType ?? ''})`);
  const range = await history.getRange();
  const fallback = `local-${clock.now()}`;
  const runParts = [
    target.association.AssociationArn,
    root,
    JSON.stringify([request.sourcePaths, request.buildPaths, range]),
  ];
  const { id: token } = createRunId(env, runParts, fallback);
  const directory = await mkdtemp(join(services.temporary, 'codeguru-review-'));
  try {
    return await runReview({ request, target, range, token, directory }, deadline, services);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
