import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { GitRepository, type Repository } from '@aws-delivery/action-kit/git/repository';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import {
  type AwsClientConfig,
  type ConfigOverride,
  createClientConfig,
  keepConfig,
} from '@aws-delivery/aws/client-options';
import { checkCredentialExpiry } from '@aws-delivery/aws/credentials';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import type { PrivacyService, S3 } from '@aws-delivery/aws/s3/s3';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import type { ReviewInputs } from '../action.js';
import type { ChangeHistory } from './gate/change-history.js';
import type { InspectorRequest, Request, ReviewerRequest, SourceRequest } from './inputs/parse-request.js';
import { writeReportFile } from './publish/write-report-file.js';
import type { Result } from './result.js';
import { readSarifFiles } from './sources/sarif-files.js';
import { toSourceError, toUnavailableResult } from './sources/source-error.js';
import type { SourceResult } from './sources/source-result.js';

/** What a source may have to know of the run. */
export interface SourceContext {
  readonly request: Request;
  readonly change: Change;
  readonly repository: Repository;
  readonly history: ChangeHistory;
}

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly openRepository: (request: Request) => Repository;
  /** Asks one source. One that does not answer is trouble; what cannot be meant is thrown. */
  readonly querySource: (source: SourceRequest, context: SourceContext) => Promise<SourceResult>;
  /** Tells GitHub what was asked to be told; never fails. */
  readonly publish: (result: Result, history: ChangeHistory) => Promise<void>;
  readonly writeFile: (path: string, content: string) => Promise<void>;
}

interface ClientFactoryOptions {
  readonly host: Host;
  readonly network: Network;
  readonly overrideConfig: ConfigOverride;
}

const createServiceConfig = (
  { host, network, overrideConfig }: ClientFactoryOptions,
  region: string | undefined,
): AwsClientConfig => {
  const { env, clock, signal } = host;
  return overrideConfig(createClientConfig({ region, network, clock, signal, action: 'codeguru-review', env }));
};

const createS3Client = (clientOptions: ClientFactoryOptions, region: string | undefined): S3 & PrivacyService => {
  // Emulators and VPC endpoints have no host name per bucket.
  const forcePathStyle = findEndpoint('S3', clientOptions.host.env) !== undefined;
  return createS3({ ...createServiceConfig(clientOptions, region), forcePathStyle }, clientOptions.host.signal);
};

const queryReviewer = async (
  clientOptions: ClientFactoryOptions,
  source: ReviewerRequest,
  context: SourceContext,
): Promise<SourceResult> => {
  const { host } = clientOptions;
  const { request, ...others } = context;
  const { clock, signal, env } = host;
  const [{ SdkReviewer }, { createBranchHeadLookup }, sourceModule] = await Promise.all([
    import('./sources/reviewer/reviewer-client.js'),
    import('./sources/reviewer/branch-head.js'),
    import('./sources/reviewer/query-reviewer.js'),
  ]);
  const deadline = clock.now() + source.timeout;
  const reviewer = new SdkReviewer(createServiceConfig(clientOptions, request.region), { clock, signal, deadline });
  const temporary = env['RUNNER_TEMP'] || tmpdir();
  await mkdir(temporary, { recursive: true });
  const s3 = createS3Client(clientOptions, request.region);
  const getBranchHead = createBranchHeadLookup(
    { network: clientOptions.network, token: request.token, env },
    others.repository,
  );
  return sourceModule.queryReviewer(source, {
    host,
    reviewer,
    s3,
    temporary,
    getBranchHead,
    root: request.root,
    ...others,
  });
};

const queryInspector = async (
  clientOptions: ClientFactoryOptions,
  source: InspectorRequest,
  context: SourceContext,
): Promise<SourceResult> => {
  const { host } = clientOptions;
  const { request, change, repository } = context;
  const [{ SdkInspector }, sourceModule] = await Promise.all([
    import('./sources/inspector/inspector-client.js'),
    import('./sources/inspector/query-inspector.js'),
  ]);
  const inspector = new SdkInspector(createServiceConfig(clientOptions, request.region), host.signal);
  const commit = getReviewedCommit(change, host.env) ?? (await repository.resolveCommit('HEAD'));
  return sourceModule.queryInspector(source, { host, inspector, commit });
};

const queryAws = async (
  clientOptions: ClientFactoryOptions,
  source: ReviewerRequest | InspectorRequest,
  context: SourceContext,
): Promise<SourceResult> => {
  const { clock, log, env } = clientOptions.host;
  const expiryWarning = checkCredentialExpiry(env, clock.now(), clock.now() + source.timeout);
  if (expiryWarning !== undefined) log.warning(expiryWarning);
  try {
    return source.kind === 'inspector'
      ? await queryInspector(clientOptions, source, context)
      : await queryReviewer(clientOptions, source, context);
  } catch (error) {
    return toUnavailableResult(toSourceError(error, source.kind, context.change));
  }
};

/** The services of a run. */
export const createServices = (
  inputs: ReviewInputs,
  host: Host,
  overrideConfig: ConfigOverride = keepConfig,
): Services => {
  const clientOptions: ClientFactoryOptions = {
    host,
    network: createHostNetwork(host, { httpProxy: inputs['http-proxy'] }),
    overrideConfig,
  };
  return {
    host,
    openRepository: ({ root }) => new GitRepository({ directory: root, env: host.env, signal: host.signal }),
    querySource: (source, context) => {
      if (source.kind !== 'sarif') return queryAws(clientOptions, source, context);
      const { request, change, repository } = context;
      const commit = host.env['GITHUB_SHA'] || undefined;
      return readSarifFiles(source.files, { ...request, change, repository, commit });
    },
    publish: async (result, history) => {
      const { uploadSarif, comment } = result.request;
      if (!uploadSarif && comment === 'none') return;
      const { publish } = await import('./publish/publish.js');
      await publish(result, { host, network: clientOptions.network, history });
    },
    writeFile: (path, content) => writeReportFile(path, content, host.env['GITHUB_WORKSPACE']),
  };
};

/** Connects the post step, which has the inputs of the main step as variables. */
export const createS3Factory =
  (host: Host, overrideConfig: ConfigOverride = keepConfig) =>
  (region: string): S3 =>
    createS3Client(
      {
        host,
        network: createHostNetwork(host, { httpProxy: host.env['INPUT_HTTP-PROXY'] || undefined }),
        overrideConfig,
      },
      region,
    );
