import { describe, expect, it } from '@jest/globals';
import { type Handler, output } from '../../src/api-call.js';
import { FaultPlan, faultsScenario } from '../../src/faults/fault-plan.js';
import { simulateStaleReads } from '../../src/middleware/inject-faults.js';
import { createRandom } from '../../src/random.js';
import { createCall, getCallerIdentity, useLocalAws } from '../fixtures.js';

const start = useLocalAws();

const reportTime: Handler = async ({ at }) => output({ at });

describe('simulateStaleReads', () => {
  const middleware = simulateStaleReads(
    new FaultPlan(faultsScenario.parse([{ fault: 'stale', by: '3s' }]), createRandom('a')),
  );

  it('moves a read to an earlier moment', async () => {
    await expect(middleware(reportTime)(createCall())).resolves.toEqual(output({ at: 7000 }));
  });

  it('does not move a write', async () => {
    await expect(middleware(reportTime)(createCall({ write: true }))).resolves.toEqual(output({ at: 10_000 }));
  });
});

describe('injectFaults', () => {
  it('causes transient failures that the SDK retries', async () => {
    const aws = await start({
      scenario: {
        faults: [
          { fault: 'reset', calls: 1 },
          { fault: 'error', calls: 2, status: 503 },
        ],
      },
    });
    await expect(getCallerIdentity(aws, 3)).resolves.toBeDefined();
    expect(aws.calls().map(({ status }) => status)).toEqual([0, 503, 200]);
  });

  it('drops the response of an executed call', async () => {
    const aws = await start({ scenario: { faults: [{ fault: 'lost-reply' }] } });
    await expect(getCallerIdentity(aws)).rejects.toThrow('socket hang up');
    expect(aws.calls()).toMatchObject([{ verdict: 'allowed', status: 0 }]);
  });

  it('delays a response', async () => {
    const aws = await start({ scenario: { faults: [{ fault: 'latency', by: '60ms' }] } });
    const before = performance.now();
    await getCallerIdentity(aws);
    expect(performance.now() - before).toBeGreaterThan(55);
  });
});
