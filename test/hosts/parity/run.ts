import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { buildAccount, setUpWorkspace } from './delivery.js';
import type { DeliveryHost, OutputGroup } from './host.js';
import { toCommonValue } from './host-specific-field.js';

/** Calls and outputs of the delivery on one host. */
export interface DeliveryRun {
  readonly calls: readonly CallRecord[];
  readonly groups: readonly OutputGroup[];
}

/** Runs the delivery on a host in a new account. */
export const runDelivery = async (host: DeliveryHost): Promise<DeliveryRun> => {
  const aws = await startLocalAws({ scenario: buildAccount(host.identity) });
  const directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'parity-'));
  try {
    setUpWorkspace(directory);
    const groups = await host.runDelivery(aws, directory);
    return { calls: aws.calls(), groups };
  } finally {
    rmSync(directory, { recursive: true });
    await aws.close();
  }
};

const getOperation = ({ service, operation }: CallRecord): string => `${service}:${operation}`;

const serializeCall = (call: CallRecord): string => {
  const { service, operation, region, principal, verdict, status, error, via, input } = call;
  return JSON.stringify(
    toCommonValue({ service, operation, region, principal, verdict, status, error, via, input }, ''),
  );
};

/**
 * The call log in a form that must be equal on all hosts: operations in the order of their first call. The number of
 * polls and the order of concurrent uploads depend on the machine's speed, so equal reads count once and the calls of
 * an operation are sorted. Calls to GitHub's token endpoint are left out.
 */
export const normalizeCalls = ({ calls }: DeliveryRun): readonly unknown[] => {
  const serviceCalls = calls.filter(({ service }) => service !== 'oidc');
  return [...new Set(serviceCalls.map(getOperation))].flatMap((operation) => {
    const same = serviceCalls.filter((call) => getOperation(call) === operation);
    const writes = same.filter(({ write }) => write).map(serializeCall);
    const reads = new Set(same.filter(({ write }) => !write).map(serializeCall));
    return [...writes, ...reads].sort().map((content) => JSON.parse(content));
  });
};

/** How often the delivery assumed the role. */
export const countLogins = ({ calls }: DeliveryRun): number =>
  calls.filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity').length;

/** Whether an output is a registry password or the path of a file in the job's directory. */
const isJobOutput = (name: string): boolean =>
  name.startsWith('docker_password_') || ['evidence-file', 'sarif-file', 'json-file'].includes(name);

/** The outputs by group, without host-specific parts. */
export const listOutputs = ({ groups }: DeliveryRun): readonly unknown[] =>
  groups.map(({ outputs }) => toCommonValue(outputs, ''));

/** GitHub's outputs in the groups and with the names of another host. */
export const buildExpectedOutputs = (github: DeliveryRun, host: DeliveryHost, groups: DeliveryRun['groups']) =>
  groups.map(({ steps }) => {
    const own = github.groups.filter((group) => group.steps.every((step) => steps.includes(step)));
    const merged = Object.entries(Object.assign({}, ...own.map(({ outputs }) => outputs)));
    const retained = merged.filter(([name]) => !(host.outputsOutliveJob && isJobOutput(name)));
    const common = Object.entries(Object(toCommonValue(Object.fromEntries(retained), '')));
    return Object.fromEntries(common.map(([name, value]) => [host.formatOutputName(name), value]));
  });
