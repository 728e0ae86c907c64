import type { Host } from '@aws-delivery/action-kit/host/host';
import { createRunId } from '@aws-delivery/action-kit/host/run-id';
import type { AwsClientConfig } from '@aws-delivery/aws/client-options';
import { poll } from '@aws-delivery/aws/poll';
import { getReviewedCommit } from '@aws-delivery/findings/change/change';
import type { CoveredResource } from '@aws-sdk/client-inspector2';
import type { InspectorRequest } from '../../inputs/parse-request.js';
import type { SourceContext } from '../source-context.js';
import { toUnavailableResult } from '../source-error.js';
import type { SourceError, SourceResult } from '../source-result.js';
import { type Inspector, SdkInspector } from './inspector-client.js';
import { INSPECTOR_NAME, toFinding } from './inspector-finding.js';

export interface InspectorServices extends Pick<SourceContext, 'change' | 'checkout'> {
  readonly host: Host;
  readonly clientConfig: AwsClientConfig;
}

interface ScanContext {
  readonly host: Host;
  readonly inspector: Inspector;
  readonly request: InspectorRequest;
  /** The commit under review. */
  readonly commit: string;
}

const createUnavailableResult = (message: string, kind: SourceError['kind'] = 'unavailable'): SourceResult =>
  toUnavailableResult({ source: 'inspector', kind, message });

/** Inspector appends to the name of some repositories what it scans: `octocat/shop:main`. */
const matchesProject = (name: string, { resourceMetadata }: CoveredResource): boolean => {
  const projectName = resourceMetadata?.codeRepository?.projectName;
  return projectName === name || projectName?.startsWith(`${name}:`) === true;
};

/** The project id is the last part of the resource id: `…:codesecurity-integration/<id>/project-<id>`. */
const getProjectId = ({ resourceId = '' }: CoveredResource): string =>
  /project-[0-9a-f-]{36}/u.exec(resourceId)?.[0] ?? resourceId;

const listScannedCommits = ({ resourceMetadata }: CoveredResource): readonly (string | undefined)[] => [
  resourceMetadata?.codeRepository?.lastScannedCommitId,
  resourceMetadata?.codeRepository?.onDemandScan?.lastScannedCommitId,
];

/** Starts an on-demand scan and waits for it. Returns undefined if it scanned the commit, else the reason. */
const runScan = async (
  project: string,
  { host, inspector, request, commit }: ScanContext,
): Promise<string | undefined> => {
  const { clock, log, signal, env } = host;
  const { id: token } = createRunId(env, [project, commit], `local-${clock.now()}`);
  const scanId = await inspector.startScan(project, token);
  log.info(`Started scan ${scanId} of ${project}`);
  const { status, statusReason, lastCommitId } = await poll({
    label: `scan ${scanId} to finish`,
    clock,
    signal,
    deadline: clock.now() + request.timeout,
    backoff: { initialDelayMs: 5000, maxDelayMs: 15_000 },
    read: async () => {
      const value = await inspector.getScan(project, scanId);
      return value.status === 'IN_PROGRESS' ? { state: 'pending' } : { state: 'done', value };
    },
  });
  if (status !== 'SUCCESSFUL')
    return `scan ${scanId} has the status ${status}${statusReason === undefined ? '' : `: ${statusReason}`}`;
  if (lastCommitId === commit) return undefined;
  const scannedCommit = lastCommitId === undefined ? 'does not name its commit' : `is for commit ${lastCommitId}`;
  return `scan ${scanId} ${scannedCommit}, expected ${commit}. Inspector scans only the default branch on demand; its own triggers scan pull requests.`;
};

/**
 * Reads the findings of Amazon Inspector code security for the commit under review, and starts a scan if that commit
 * has not been scanned. The result of a scan of another commit is unavailable.
 */
export const queryInspector = async (request: InspectorRequest, services: InspectorServices): Promise<SourceResult> => {
  const { host, clientConfig, checkout, change } = services;
  const inspector = new SdkInspector(clientConfig, host.signal);
  const commit = getReviewedCommit(change, host.env) ?? (await checkout.repository.resolveCommit('HEAD'));
  if (commit === undefined)
    return createUnavailableResult('the commit under review is unknown: check out the repository, or set GITHUB_SHA');
  const [resource, ...otherResources] = (await inspector.listRepositories()).filter((each) =>
    matchesProject(request.project, each),
  );
  if (resource?.resourceId === undefined) {
    const hint = "connect it in the Inspector console, or correct 'inspector-project'";
    return createUnavailableResult(
      `Amazon Inspector code security has no repository '${request.project}': ${hint}`,
      'no-association',
    );
  }
  if (otherResources.length > 0) {
    const names = [resource, ...otherResources]
      .map((each) => each.resourceMetadata?.codeRepository?.projectName)
      .join(', ');
    return createUnavailableResult(
      `Amazon Inspector code security has several repositories with this name: set 'inspector-project' to one of ${names}`,
    );
  }
  const isScanned = listScannedCommits(resource).includes(commit);
  const scanFailure = isScanned
    ? undefined
    : await runScan(getProjectId(resource), { host, inspector, request, commit });
  if (scanFailure !== undefined) return createUnavailableResult(scanFailure);
  const findings = (await inspector.listFindings(resource.resourceId)).map(toFinding);
  return { source: 'inspector', scanners: [INSPECTOR_NAME], findings, errors: [], reviewArn: undefined };
};
