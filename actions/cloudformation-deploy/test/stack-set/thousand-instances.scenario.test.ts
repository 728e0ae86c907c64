import { afterEach, expect, it } from '@jest/globals';
import type { TestHarness } from '../harness.js';
import { deploySet, getInstances, openStackSets } from './stack-set-harness.js';

let harness: TestHarness;
afterEach(() => harness.close());

const accounts = Array.from({ length: 100 }, (_, index) => String(100_000_000_000 + index));
const regions = Array.from({ length: 10 }, (_, index) => `eu-west-${index}`);
const inputs = { accounts: accounts.join(), regions: regions.join() };

/** A runner rejects a larger summary of a step. */
const MAX_SUMMARY_BYTES = 1_048_576;

it('reads 1,000 instances with one list of results for each poll, and a summary within the limit', async () => {
  const failures = accounts.map((account) => ({
    on: { account },
    reason: `Failed in ${account}: ${'x'.repeat(1000)}`,
  }));
  harness = await openStackSets({ rules: failures });
  const preferences = { 'operation-preferences': 'FailureTolerancePercentage: 100\nMaxConcurrentPercentage: 100' };
  const run = await deploySet(harness, { ...inputs, ...preferences });
  expect(run.failure).toBeUndefined();
  expect(Object.keys(getInstances(run))).toHaveLength(1000);
  const firstPages = (name: string) =>
    run.calls.filter(({ operation, input }) => operation === name && input['NextToken'] === undefined).length;
  const polls = firstPages('DescribeStackSetOperation');
  expect(polls).toBeGreaterThan(3);
  expect(firstPages('ListStackSetOperationResults')).toBeLessThanOrEqual(polls);
  // Before and after the operation.
  expect(firstPages('ListStackInstances')).toBeLessThanOrEqual(2);
  expect(Buffer.byteLength(run.summary)).toBeLessThan(MAX_SUMMARY_BYTES);
});
