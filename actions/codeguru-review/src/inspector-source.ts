import type { Host } from '@aws-delivery/action-kit/host';
import { poll } from '@aws-delivery/action-kit/poll';
import { runName } from '@aws-delivery/action-kit/run-name';
import type { CoveredResource } from '@aws-sdk/client-inspector2';
import type { Inspector } from './inspector.js';
import { findingOf, INSPECTOR } from './inspector-finding.js';
import type { Look, Trouble } from './look.js';
import type { InspectorRequest } from './request.js';
import { silentLook } from './trouble.js';

export interface ScanServices {
  readonly host: Host;
  readonly inspector: Inspector;
  /** The commit under review; undefined where nobody knows. */
  readonly commit: string | undefined;
}

const silence = (text: string, kind: Trouble['kind'] = 'unavailable'): Look =>
  silentLook({ source: 'inspector', kind, text });

/** Inspector names some repositories with what it scans of them: `octocat/shop:main`. */
const isNamed = (name: string, { resourceMetadata }: CoveredResource): boolean => {
  const found = resourceMetadata?.codeRepository?.projectName;
  return found === name || found?.startsWith(`${name}:`) === true;
};

/** A project's id is the end of the resource's: `…:codesecurity-integration/<id>/project-<id>`. */
const projectOf = ({ resourceId = '' }: CoveredResource): string =>
  /project-[0-9a-f-]{36}/u.exec(resourceId)?.[0] ?? resourceId;

const scannedOf = ({ resourceMetadata }: CoveredResource): readonly (string | undefined)[] => [
  resourceMetadata?.codeRepository?.lastScannedCommitId,
  resourceMetadata?.codeRepository?.onDemandScan?.lastScannedCommitId,
];

/** Undefined when the scan has come to the commit; else why it has not. */
const scanNow = async (
  project: string,
  asked: InspectorRequest,
  services: ScanServices,
): Promise<string | undefined> => {
  const { host, inspector, commit = '' } = services;
  const { clock, log, signal, variables } = host;
  const { name: token } = runName(variables, [project, commit], `local-${clock.now()}`);
  const scanId = await inspector.startScan(project, token);
  log.info(`Scan ${scanId} of ${project}`);
  const { status, statusReason, lastCommitId } = await poll({
    what: `scan ${scanId} to end`,
    clock,
    signal,
    deadline: clock.now() + asked.timeout,
    pace: { first: 5000, ceiling: 15_000 },
    read: async () => {
      const value = await inspector.scan(project, scanId);
      return value.status === 'IN_PROGRESS' ? { state: 'pending' } : { state: 'done', value };
    },
  });
  if (status !== 'SUCCESSFUL')
    return `scan ${scanId} is ${status}${statusReason === undefined ? '' : `: ${statusReason}`}`;
  if (lastCommitId === commit) return undefined;
  const looked = lastCommitId === undefined ? 'does not say what it looked at' : `looked at commit ${lastCommitId}`;
  return `scan ${scanId} ${looked}, not at ${commit}: Inspector scans the default branch on demand, and pull requests by its own triggers`;
};

/**
 * What Amazon Inspector's code security says of a commit: takes the scan there is, or starts one. A scan of any other
 * commit is no answer.
 */
export const askInspector = async (asked: InspectorRequest, services: ScanServices): Promise<Look> => {
  const { inspector, commit } = services;
  if (commit === undefined) return silence('nobody knows the commit under review, so no scan can be told to be of it');
  const [covered, ...others] = (await inspector.covered()).filter((each) => isNamed(asked.project, each));
  if (covered?.resourceId === undefined) {
    const remedy = "connect it in Inspector's console, or correct 'inspector-project'";
    return silence(`Inspector code security has no repository ${asked.project}: ${remedy}`, 'no-association');
  }
  if (others.length > 0) {
    const names = [covered, ...others].map((each) => each.resourceMetadata?.codeRepository?.projectName).join(', ');
    return silence(`Inspector code security has several repositories of this name: choose one of ${names}`);
  }
  const isScanned = scannedOf(covered).includes(commit);
  const fault = isScanned ? undefined : await scanNow(projectOf(covered), asked, services);
  if (fault !== undefined) return silence(fault);
  const findings = (await inspector.findings(covered.resourceId)).map(findingOf);
  return { source: 'inspector', scanners: [INSPECTOR], findings, troubles: [], reviewArn: undefined };
};
