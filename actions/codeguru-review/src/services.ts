import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type AwsConfiguration, awsConfiguration, expiryRemark } from '@aws-delivery/action-kit/aws';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { hostNetwork, type Network } from '@aws-delivery/action-kit/network';
import type { PrivacyService, S3 } from '@aws-delivery/artifact/s3';
import { createS3 } from '@aws-delivery/artifact/s3-client';
import { type Change, reviewedCommit } from '@aws-delivery/findings/change';
import { Git, type Repository } from '@aws-delivery/findings/git';
import type { ReviewInputs } from '../action.js';
import type { History } from './history.js';
import type { Look } from './look.js';
import { writeReport } from './report-file.js';
import type { InspectorRequest, Request, ReviewerRequest, SourceRequest } from './request.js';
import type { Result } from './result.js';
import { readSarifFiles } from './sarif-source.js';
import { silentLook, troubleOf } from './trouble.js';

/** What a source may have to know of the run. */
export interface Asking {
  readonly request: Request;
  readonly change: Change;
  readonly repository: Repository;
  readonly history: History;
}

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly repository: (request: Request) => Repository;
  /** Asks one source. One that does not answer is trouble; what cannot be meant is thrown. */
  readonly ask: (source: SourceRequest, asking: Asking) => Promise<Look>;
  /** Tells GitHub what was asked to be told; never fails. */
  readonly publish: (result: Result, history: History) => Promise<void>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
}

/** Changes the settings of every client before it is made. */
export type Tuning = (configuration: AwsConfiguration) => AwsConfiguration;

interface Wiring {
  readonly host: Host;
  readonly network: Network;
  readonly tune: Tuning;
}

const configure = ({ host, network, tune }: Wiring, region: string | undefined): AwsConfiguration => {
  const { variables, clock, signal } = host;
  return tune(awsConfiguration({ region, network, clock, signal, action: 'codeguru-review', variables }));
};

/** An emulator or a VPC endpoint has no host name for each bucket. */
const hasOwnEndpoint = (variables: Variables): boolean =>
  Boolean(variables['AWS_ENDPOINT_URL_S3'] || variables['AWS_ENDPOINT_URL']);

const connectS3 = (wiring: Wiring, region: string | undefined): S3 & PrivacyService => {
  const forcePathStyle = hasOwnEndpoint(wiring.host.variables);
  return createS3({ ...configure(wiring, region), forcePathStyle }, wiring.host.signal);
};

const askReviewer = async (wiring: Wiring, source: ReviewerRequest, asking: Asking): Promise<Look> => {
  const { host } = wiring;
  const { request, ...others } = asking;
  const { clock, signal, variables } = host;
  const [{ SdkReviewer }, { branchTip }, ours] = await Promise.all([
    import('./reviewer.js'),
    import('./branch-tip.js'),
    import('./reviewer-source.js'),
  ]);
  const deadline = clock.now() + source.timeout;
  const reviewer = new SdkReviewer(configure(wiring, request.region), { clock, signal, deadline });
  const temporary = variables['RUNNER_TEMP'] || tmpdir();
  await mkdir(temporary, { recursive: true });
  const s3 = connectS3(wiring, request.region);
  const tip = branchTip({ network: wiring.network, token: request.token, variables }, others.repository);
  return ours.askReviewer(source, { host, reviewer, s3, temporary, tip, root: request.root, ...others });
};

const askInspector = async (wiring: Wiring, source: InspectorRequest, asking: Asking): Promise<Look> => {
  const { host } = wiring;
  const { request, change, repository } = asking;
  const [{ SdkInspector }, ours] = await Promise.all([import('./inspector.js'), import('./inspector-source.js')]);
  const inspector = new SdkInspector(configure(wiring, request.region), host.signal);
  const commit = reviewedCommit(change, host.variables) ?? (await repository.commit('HEAD'));
  return ours.askInspector(source, { host, inspector, commit });
};

const askAws = async (wiring: Wiring, source: ReviewerRequest | InspectorRequest, asking: Asking): Promise<Look> => {
  const { clock, log, variables } = wiring.host;
  const remark = expiryRemark(variables, clock.now(), clock.now() + source.timeout);
  if (remark !== undefined) log.warning(remark);
  try {
    return source.kind === 'inspector'
      ? await askInspector(wiring, source, asking)
      : await askReviewer(wiring, source, asking);
  } catch (error) {
    return silentLook(troubleOf(error, source.kind, asking.change));
  }
};

/** The services of a run. */
export const createServices = (
  inputs: ReviewInputs,
  host: Host,
  tune: Tuning = (configuration) => configuration,
): Services => {
  const wiring: Wiring = { host, network: hostNetwork(host, { httpProxy: inputs['http-proxy'] }), tune };
  return {
    host,
    repository: ({ root }) => new Git({ folder: root, variables: host.variables, signal: host.signal }),
    ask: (source, asking) => {
      if (source.kind !== 'sarif') return askAws(wiring, source, asking);
      const { request, change, repository } = asking;
      const commit = host.variables['GITHUB_SHA'] || undefined;
      return readSarifFiles(source.files, { ...request, change, repository, commit });
    },
    publish: async (result, history) => {
      const { uploadSarif, comment } = result.request;
      if (!uploadSarif && comment === 'none') return;
      const { publish } = await import('./publication.js');
      await publish(result, { host, network: wiring.network, history });
    },
    writeFile: (path, text) => writeReport(path, text, host.variables['GITHUB_WORKSPACE']),
  };
};

/** Connects the post step, which has the inputs of the main step as variables. */
export const connectTo =
  (host: Host, tune: Tuning = (configuration) => configuration) =>
  (region: string): S3 =>
    connectS3(
      { host, network: hostNetwork(host, { httpProxy: host.variables['INPUT_HTTP-PROXY'] || undefined }), tune },
      region,
    );
