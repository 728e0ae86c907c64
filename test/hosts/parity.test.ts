import { beforeAll, describe, expect, it } from '@jest/globals';
import { areProgramsRequired } from '../required-programs.js';
import { azureDevops } from './parity/azure-devops.js';
import { contract, github } from './parity/github.js';
import { gitlab } from './parity/gitlab.js';
import type { DeliveryHost } from './parity/host.js';
import {
  buildExpectedOutputs,
  countLogins,
  type DeliveryRun,
  listOutputs,
  normalizeCalls,
  runDelivery,
} from './parity/run.js';
import { jenkins, shell } from './parity/shell.js';

const isReady = ({ name, missing }: DeliveryHost): boolean => {
  const ready = areProgramsRequired || missing.length === 0;
  if (!ready) console.warn(`skipped, not installed: ${missing.join(', ')} (the delivery on ${name})`);
  return ready;
};

const others = [contract, shell, jenkins, gitlab, azureDevops];

(isReady(github) ? describe : describe.skip)('the same delivery on every host', () => {
  const ready = others.filter(isReady);
  let reference: DeliveryRun;
  const runs = new Map<DeliveryHost, PromiseSettledResult<DeliveryRun>>();

  const runOn = (host: DeliveryHost): DeliveryRun => {
    const result = runs.get(host);
    if (result?.status !== 'fulfilled') throw new Error(`no delivery on ${host.name}`, { cause: result?.reason });
    return result.value;
  };

  beforeAll(async () => {
    const hosts = [github, ...ready];
    const results = await Promise.allSettled(hosts.map(runDelivery));
    for (const [index, result] of results.entries()) {
      const host = hosts[index];
      if (host !== undefined) runs.set(host, result);
    }
    reference = runOn(github);
  }, 300_000);

  it('writes to every service on GitHub without a denied call', () => {
    const operations = reference.calls.map(({ operation }) => operation);
    expect(operations).toEqual(
      expect.arrayContaining(['DescribeEvents', 'PutManifest', 'ExecuteChangeSet', 'StartDeployment']),
    );
    expect(reference.calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    expect(reference.groups.map(({ outputs }) => Object.keys(outputs).length > 3)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it.each(ready)('makes the same AWS calls on $name', (host) => {
    expect(normalizeCalls(runOn(host))).toEqual(normalizeCalls(reference));
    expect(countLogins(runOn(host))).toBe(host.loginCount);
  });

  it.each(ready)('sets the same outputs on $name', (host) => {
    const run = runOn(host);
    expect(listOutputs(run)).toEqual(buildExpectedOutputs(reference, host, run.groups));
  });
});
