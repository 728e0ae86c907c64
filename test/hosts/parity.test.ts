import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { areProgramsRequired, formatObstacle } from '../required-programs.js';
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

const getObstacle = ({ missing }: DeliveryHost) => formatObstacle(areProgramsRequired ? [] : missing);

const others = [contract, shell, jenkins, gitlab, azureDevops];

declareUnless(getObstacle(github), describe)('the same delivery on every host', () => {
  let reference: DeliveryRun;
  const runs = new Map<DeliveryHost, PromiseSettledResult<DeliveryRun>>();

  const runOn = (host: DeliveryHost): DeliveryRun => {
    const result = runs.get(host);
    if (result?.status !== 'fulfilled') throw new Error(`no delivery on ${host.name}`, { cause: result?.reason });
    return result.value;
  };

  beforeAll(async () => {
    const hosts = [github, ...others.filter((host) => getObstacle(host) === undefined)];
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

  describe.each(others)('on $name', (host) => {
    const declare = declareUnless(getObstacle(host), it);
    declare('makes the same AWS calls', () => {
      expect(normalizeCalls(runOn(host))).toEqual(normalizeCalls(reference));
      expect(countLogins(runOn(host))).toBe(host.loginCount);
    });

    declare('sets the same outputs', () => {
      const run = runOn(host);
      expect(listOutputs(run)).toEqual(buildExpectedOutputs(reference, host, run.groups));
    });
  });
});
