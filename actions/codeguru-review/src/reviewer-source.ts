import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { arnIn } from '@aws-delivery/action-kit/aws';
import { classify } from '@aws-delivery/action-kit/aws-error';
import { durationText } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { withElapsed, withHeartbeat } from '@aws-delivery/action-kit/log';
import { poll } from '@aws-delivery/action-kit/poll';
import { runName } from '@aws-delivery/action-kit/run-name';
import type { OwnedBucket, PrivacyService, S3 } from '@aws-delivery/artifact/s3';
import { ArtifactStore, persist } from '@aws-delivery/artifact/store';
import { type Change, reviewedCommit } from '@aws-delivery/findings/change';
import type { Repository } from '@aws-delivery/findings/git';
import type { CodeArtifacts, CodeReview, RepositoryAssociation } from '@aws-sdk/client-codeguru-reviewer';
import { findAssociation } from './association.js';
import type { BranchTip } from './branch-tip.js';
import { branchDoubt, configurationDoubt } from './doubt.js';
import type { CommitRange, History } from './history.js';
import type { Look, Trouble } from './look.js';
import { findingOf, isFinding, REVIEWER } from './recommendation.js';
import type { ReviewerRequest } from './request.js';
import { branchOf, reviewRequest } from './review-request.js';
import type { Reviewer } from './reviewer.js';
import { buildArtifact, sourceArtifact } from './source-code.js';
import { silentLook } from './trouble.js';
import { saveUpload } from './upload.js';

export interface ReviewServices {
  readonly host: Host;
  readonly reviewer: Reviewer;
  readonly s3: S3 & PrivacyService;
  readonly repository: Repository;
  readonly history: History;
  readonly change: Change;
  readonly tip: BranchTip;
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

const targetOf = (association: Target['association']): Target => {
  const arn = arnIn(association.AssociationArn);
  if (arn === undefined) throw new DeliveryError('unexpected', `'${association.AssociationArn}' is no ARN`);
  return { association, account: arn.account, region: arn.region };
};

const bucketOf = ({ association, account, region }: Target, { bucket }: ReviewerRequest): string => {
  const own = association.S3RepositoryDetails?.BucketName;
  if (own !== undefined && bucket !== undefined && own !== bucket) {
    const rule = `is not the bucket of the association, which is '${own}'`;
    throw new DeliveryError('invalid-input', `input 'bucket-name': '${bucket}' ${rule}: leave the input out`);
  }
  return own ?? bucket ?? `codeguru-reviewer-cli-${account}-${region}`;
};

const keyOf = ({ association }: Target, { kmsKeyId }: ReviewerRequest): string | undefined => {
  const { EncryptionOption: option, KMSKeyId: own } = association.KMSKeyDetails ?? {};
  return kmsKeyId ?? (option === 'CUSTOMER_MANAGED_CMK' ? own : undefined);
};

interface Upload {
  readonly bucket: string;
  readonly artifacts: CodeArtifacts;
}

interface Packing {
  readonly asked: ReviewerRequest;
  readonly target: Target;
  readonly range: CommitRange | undefined;
  readonly token: string;
  readonly folder: string;
}

/** What is uploaded is as private as the bucket: of that, only a policy can let the world in to objects of ours. */
const refusePublic = async (bucket: OwnedBucket, { host, s3 }: ReviewServices): Promise<void> => {
  const isPublic = await persist(`a look at the policy of bucket ${bucket.bucket}`, host, () =>
    s3.isPublic(bucket),
  ).catch((cause) => {
    if (classify(cause) !== 'denied') throw cause;
    const right = `the role needs s3:GetBucketPolicyStatus there, and the bucket must belong to account ${bucket.owner}`;
    throw new DeliveryError('denied', `nobody knows whether bucket ${bucket.bucket} is private: ${right}`, { cause });
  });
  if (!isPublic) return;
  const remedy = 'block its public access, or name another';
  throw new DeliveryError('refused', `bucket ${bucket.bucket} lets anybody read by its policy: ${remedy}`);
};

/** Packs source and build artifacts and uploads them under names of this run's own, which its post step removes. */
const upload = async (packing: Packing, services: ReviewServices): Promise<Upload> => {
  const { asked, target, range, token, folder } = packing;
  const { host, s3, root, repository } = services;
  const { sourcePaths, buildPaths } = asked;
  const history = range === undefined ? 'without' : 'with';
  const bucket = bucketOf(target, asked);
  const owned = { bucket, owner: target.account, region: target.region };
  await refusePublic(owned, services);
  const source = await sourceArtifact({ root, sourcePaths, history, repository, temporary: folder });
  const build = await buildArtifact(buildPaths, root, folder);
  const prefix = `aws-delivery/${token}`;
  const artifacts = build === undefined ? [source] : [source, build];
  saveUpload(host, { ...owned, folder, keys: artifacts.map(({ name }) => `${prefix}/${name}`) });
  const store = new ArtifactStore(
    { ...owned, prefix, kmsKeyId: keyOf(target, asked) },
    { s3, clock: host.clock, signal: host.signal },
  );
  const [stored, built] = [await store.put(source), build === undefined ? undefined : await store.put(build)];
  host.log.info(`Uploaded ${[stored, built].flatMap((each) => each?.uri ?? []).join(' and ')}`);
  return {
    bucket,
    artifacts: {
      SourceCodeArtifactsObjectKey: stored.key,
      ...(built === undefined ? {} : { BuildArtifactsObjectKey: built.key }),
    },
  };
};

/** Followed slower than the documented rate of one call a second, since other jobs of the account ask as well. */
const PACE = { first: 5000, ceiling: 10_000 };

const QUIET = 60_000;

const follow = async (arn: string, deadline: number, { host, reviewer }: ReviewServices): Promise<CodeReview> => {
  const { clock, log, signal } = host;
  const line = (elapsed: number): string => `The review goes on, ${durationText(elapsed)} by now`;
  return withHeartbeat({ log: withElapsed(log, clock), clock, quiet: QUIET, line }, () =>
    poll({
      what: `code review ${arn} to be completed`,
      clock,
      signal,
      deadline,
      pace: PACE,
      read: async () => {
        const value = await reviewer.review(arn);
        return value.State === 'Pending' ? { state: 'pending' } : { state: 'done', value };
      },
    }),
  );
};

const unavailable = (text: string): Trouble => ({ source: 'codeguru-reviewer', kind: 'unavailable', text });

/** A list that has fewer than the review has counted is not whole. */
const lostText = (arn: string, counted: number, listed: number): string | undefined =>
  listed >= counted ? undefined : `code review ${arn} has ${counted} recommendations, and lists ${listed}`;

const answer = async (arn: string, deadline: number, services: ReviewServices): Promise<Look> => {
  const { State: state = 'of no state', StateReason: reason, Metrics } = await follow(arn, deadline, services);
  if (state !== 'Completed') {
    const text = `code review ${arn} is ${state}${reason === undefined ? '' : `: ${reason}`}`;
    return { ...silentLook(unavailable(text)), reviewArn: arn };
  }
  const recommendations = await services.reviewer.recommendations(arn);
  const findings = recommendations.filter(isFinding).map(findingOf);
  const lost = lostText(arn, Metrics?.FindingsCount ?? 0, recommendations.length);
  const troubles = lost === undefined ? [] : [unavailable(lost)];
  return { source: 'codeguru-reviewer', scanners: [REVIEWER], findings, troubles, reviewArn: arn };
};

/** Whether CodeGuru Reviewer looks at the commit under review; of what is uploaded it does. */
const askBranch = ({ target }: Packing, services: ReviewServices): Promise<string | undefined> => {
  const { change, host } = services;
  if (target.association.ProviderType === 'S3Bucket') return Promise.resolve(undefined);
  return branchDoubt(branchOf(host.variables) ?? 'main', reviewedCommit(change, host.variables), services);
};

const review = async (packing: Packing, deadline: number, services: ReviewServices): Promise<Look> => {
  const { target, range, token } = packing;
  const { association } = target;
  const { host, reviewer, change } = services;
  const doubt = await askBranch(packing, services);
  if (doubt !== undefined) return silentLook(unavailable(doubt));
  const code = association.ProviderType === 'S3Bucket' ? await upload(packing, services) : undefined;
  const created = await reviewer.createReview(
    reviewRequest({ association, change, range, code, token, variables: host.variables }),
  );
  const arn = created.CodeReviewArn;
  if (arn === undefined) throw new DeliveryError('unexpected', 'CreateCodeReview named no ARN');
  const what =
    range === undefined ? 'everything' : `changes from ${range.base.slice(0, 12)} to ${range.head.slice(0, 12)}`;
  host.log.info(`Review of ${what}: ${arn}`);
  const look = await answer(arn, deadline, services);
  const doubts = [await askBranch(packing, services), await configurationDoubt(services)];
  return { ...look, troubles: [...look.troubles, ...doubts.flatMap((text) => (text ? [unavailable(text)] : []))] };
};

/**
 * A review by CodeGuru Reviewer: finds the association, uploads the code, starts the review, awaits it and fetches what
 * it recommends. Throws what AWS says where it says no.
 */
export const askReviewer = async (asked: ReviewerRequest, services: ReviewServices): Promise<Look> => {
  const { host, reviewer, root, history } = services;
  const { clock, log, signal, variables } = host;
  const deadline = clock.now() + asked.timeout;
  const names = { given: asked.association, repository: variables['GITHUB_REPOSITORY'], folder: basename(root) };
  const found = await findAssociation(names, { reviewer, clock, signal, deadline });
  if (found.kind === 'none') {
    return silentLook({ source: 'codeguru-reviewer', kind: 'no-association', text: found.text });
  }
  const target = targetOf(found.association);
  log.info(`Association ${target.association.Name ?? ''} (${target.association.ProviderType ?? ''})`);
  const range = await history.range();
  const fallback = `local-${clock.now()}`;
  const work = [target.association.AssociationArn, root, JSON.stringify([asked.sourcePaths, asked.buildPaths, range])];
  const { name: token } = runName(variables, work, fallback);
  const folder = await mkdtemp(join(services.temporary, 'codeguru-review-'));
  try {
    return await review({ asked, target, range, token, folder }, deadline, services);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
