import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { accountOf, furnishWorkspace } from './delivery.js';
import type { DeliveryHost, OutputPlace } from './host.js';
import { commonPart } from './own-field.js';

/** The delivery as it went on a host. */
export interface DeliveryRun {
  readonly calls: readonly CallRecord[];
  readonly places: readonly OutputPlace[];
}

/** Runs the delivery on a host, to an account of its own. */
export const runDelivery = async (host: DeliveryHost): Promise<DeliveryRun> => {
  const aws = await startLocalAws({ scenario: accountOf(host.identity) });
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'parity-'));
  try {
    furnishWorkspace(folder);
    const places = await host.deliver(aws, folder);
    return { calls: aws.calls(), places };
  } finally {
    rmSync(folder, { recursive: true });
    await aws.close();
  }
};

const operationOf = ({ service, operation }: CallRecord): string => `${service}:${operation}`;

const textOf = (call: CallRecord): string => {
  const { service, operation, region, principal, verdict, status, error, via, input } = call;
  return JSON.stringify(commonPart({ service, operation, region, principal, verdict, status, error, via, input }, ''));
};

/**
 * The call log as it has to be everywhere: the operations in the order in which each came first. A machine's speed
 * decides how often something is looked at and which of two uploads is first, so equal reads count once, and the calls
 * of an operation have no order. The endpoint that gives GitHub's tokens is no AWS service.
 */
export const callLog = ({ calls }: DeliveryRun): readonly unknown[] => {
  const asked = calls.filter(({ service }) => service !== 'oidc');
  return [...new Set(asked.map(operationOf))].flatMap((operation) => {
    const same = asked.filter((call) => operationOf(call) === operation);
    const writes = same.filter(({ write }) => write).map(textOf);
    const reads = new Set(same.filter(({ write }) => !write).map(textOf));
    return [...writes, ...reads].sort().map((text) => JSON.parse(text));
  });
};

/** How often the job got credentials. */
export const entrancesOf = ({ calls }: DeliveryRun): number =>
  calls.filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity').length;

/** A registry's password, and files in the job's own folder. */
const isOfJob = (name: string): boolean =>
  name.startsWith('docker_password_') || ['evidence-file', 'sarif-file', 'json-file'].includes(name);

/** The outputs, place by place. */
export const outputsOf = ({ places }: DeliveryRun): readonly unknown[] =>
  places.map(({ outputs }) => commonPart(outputs, ''));

/** What GitHub's outputs would be in the places, and by the names, of another host. */
export const expectedOutputs = (github: DeliveryRun, host: DeliveryHost, places: DeliveryRun['places']) =>
  places.map(({ steps }) => {
    const own = github.places.filter((place) => place.steps.every((step) => steps.includes(step)));
    const merged = Object.entries(Object.assign({}, ...own.map(({ outputs }) => outputs)));
    const kept = merged.filter(([name]) => !(host.outputsOutliveJob && isOfJob(name)));
    const common = Object.entries(Object(commonPart(Object.fromEntries(kept), '')));
    return Object.fromEntries(common.map(([name, value]) => [host.outputName(name), value]));
  });
