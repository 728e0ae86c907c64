import { GitRepository, type Repository } from '@aws-delivery/action-kit/git/repository';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { withTimeLimit } from '@aws-delivery/action-kit/host/time-limit';
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
import type { ReviewInputs } from '../action.js';
import type { ChangeHistory } from './gate/change-history.js';
import type { InspectorRequest, ReviewerRequest, SourceRequest } from './inputs/parse-request.js';
import type { ReportFiles, Result } from './result.js';
import { readSarifFiles } from './sources/sarif-files.js';
import type { SourceContext } from './sources/source-context.js';
import { toSourceError, toUnavailableResult } from './sources/source-error.js';
import type { SourceResult } from './sources/source-result.js';

/** Side effects of the action. */
export interface Services {
  readonly host: Host;
  readonly openRepository: (directory: string) => Repository;
  /** Queries one source. An unavailable source is an error in the result; invalid requests are thrown. */
  readonly querySource: (source: SourceRequest, context: SourceContext) => Promise<SourceResult>;
  /** Writes the requested comments and uploads; failures are warnings. */
  readonly publish: (result: Result, history: ChangeHistory) => Promise<void>;
  /** Writes the report files; failures are warnings. */
  readonly writeReportFiles: (result: Result) => Promise<ReportFiles>;
}

/** Time that the sources leave for comments, uploads and reports: a share of `timeout`, in milliseconds. */
const PUBLISH_TIME = { share: 0.1, max: 30_000 } as const;

const calculateSourcesTimeout = (timeout: number): number =>
  timeout - Math.min(timeout * PUBLISH_TIME.share, PUBLISH_TIME.max);

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

const queryAws = async (
  clientOptions: ClientFactoryOptions,
  source: ReviewerRequest | InspectorRequest,
  context: SourceContext,
): Promise<SourceResult> => {
  const { host, network } = clientOptions;
  const { clock, log, env } = host;
  const { region } = context.request;
  const expiryWarning = checkCredentialExpiry(env, clock.now(), clock.now() + source.timeout);
  if (expiryWarning !== undefined) log.warning(expiryWarning);
  // Each source and its SDK client are imported on demand, to keep the start fast.
  try {
    const clientConfig = createServiceConfig(clientOptions, region);
    if (source.kind === 'inspector') {
      const { queryInspector } = await import('./sources/inspector/query-inspector.js');
      return await queryInspector(source, { ...context, host, clientConfig });
    }
    const { queryReviewer } = await import('./sources/reviewer/query-reviewer.js');
    const s3 = createS3Client(clientOptions, region);
    return await queryReviewer(source, { ...context, host, network, clientConfig, s3 });
  } catch (error) {
    return toUnavailableResult(toSourceError(error, source.kind, context.change));
  }
};

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
  const { clock } = host;
  const sourcesDeadline = clock.now() + calculateSourcesTimeout(inputs.timeout * 1000);
  return {
    host,
    openRepository: (directory) => new GitRepository({ directory, env: host.env, signal: host.signal }),
    querySource: (source, context) => {
      if (source.kind !== 'sarif')
        return withTimeLimit(clock, Math.max(0, sourcesDeadline - clock.now()), () =>
          queryAws(clientOptions, source, context),
        );
      const { change, checkout } = context;
      const commit = host.env['GITHUB_SHA'] || undefined;
      return readSarifFiles(source.files, {
        workspace: context.request.workspace,
        checkout,
        change,
        commit,
        log: host.log,
      });
    },
    publish: async (result, history) => {
      const { uploadSarif, comment } = result.request;
      if (!uploadSarif && comment === 'none') return;
      const { publish } = await import('./publish/publish.js');
      await publish(result, { host, network: clientOptions.network, history });
    },
    writeReportFiles: async (result) => {
      // Imported on demand: rendering HTML and SARIF is not needed at the start.
      const { writeReportFiles } = await import('./publish/report-files.js');
      return writeReportFiles(result, host);
    },
  };
};

/** S3 clients of the post step, which gets the inputs of the main step as environment variables. */
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
