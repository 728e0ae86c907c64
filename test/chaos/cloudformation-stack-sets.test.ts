import type { Random } from '@aws-delivery/local-aws/random';
import { ListStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import { afterAll } from '@jest/globals';
import { createClientFactory } from '../../actions/cloudformation-deploy/src/services.js';
import { REGION, type RunResult } from '../../actions/cloudformation-deploy/test/harness.js';
import {
  ACCOUNTS,
  deploySet,
  openStackSets,
  REGIONS,
  renderTemplate,
} from '../../actions/cloudformation-deploy/test/stack-set/stack-set-harness.js';
import { runWithSeeds } from './fault-injection.js';
import { createFaultSchedule, pickRandom } from './fault-schedule.js';

type Inputs = Readonly<Record<string, string>>;

/** Runs before the run with faults, its inputs, and how it has to end. */
interface StackSetScenario {
  readonly before: readonly Inputs[];
  readonly inputs: Inputs;
  readonly verdict: 'passed' | 'failed';
  /** `account/Region` of the instances that exist afterwards. */
  readonly remaining: readonly string[];
  /** Those that have the latest state of the set. */
  readonly current: readonly string[];
}

const [first = '', second = '', third = ''] = ACCOUNTS;
/** Fails in each operation, or only in the first one of each kind, with a transient error. */
const [BROKEN, FLAKY] = ['444444444444', '555555555555'];

const harness = await openStackSets({
  duration: '2s',
  rules: [
    { on: { account: BROKEN }, reason: 'Resource limit exceeded' },
    { on: { account: FLAKY, attempts: [1] }, reason: 'Rate exceeded' },
  ],
});
afterAll(() => harness.close());

const template = renderTemplate(30);
const listCells = (accounts: readonly string[]) =>
  accounts.flatMap((account) => REGIONS.map((region) => `${account}/${region}`)).toSorted();
const all = listCells(ACCOUNTS);
const accounts = (...ids: readonly string[]) => ({ accounts: ids.join(',') });
const strict = { 'operation-preferences': '{FailureToleranceCount: 0, MaxConcurrentCount: 5}' };
const tolerant = { 'operation-preferences': '{FailureToleranceCount: 1, MaxConcurrentCount: 5}' };
const broken = { ...accounts(first, BROKEN), regions: REGIONS[0] };
const brokenCells = [`${first}/${REGIONS[0]}`, `${BROKEN}/${REGIONS[0]}`];

const scenarios: readonly StackSetScenario[] = [
  { before: [], inputs: {}, verdict: 'passed', remaining: all, current: all },
  { before: [{}], inputs: { template }, verdict: 'passed', remaining: all, current: all },
  // The other instances keep the earlier template.
  {
    before: [{}],
    inputs: { ...accounts(first), template },
    verdict: 'passed',
    remaining: all,
    current: listCells([first]),
  },
  { before: [accounts(first)], inputs: { template }, verdict: 'passed', remaining: all, current: all },
  {
    before: [{}],
    inputs: { ...accounts(first, second), 'remove-untargeted': 'true' },
    verdict: 'passed',
    remaining: listCells([first, second]),
    current: listCells([first, second]),
  },
  {
    before: [{}],
    inputs: { ...accounts(third), mode: 'delete' },
    verdict: 'passed',
    remaining: listCells([first, second]),
    current: listCells([first, second]),
  },
  {
    before: [],
    inputs: { ...broken, ...tolerant },
    verdict: 'passed',
    remaining: brokenCells,
    current: brokenCells.slice(0, 1),
  },
  {
    before: [],
    inputs: { ...broken, ...tolerant, 'fail-on-partial': 'true' },
    verdict: 'failed',
    remaining: brokenCells,
    current: brokenCells.slice(0, 1),
  },
  {
    before: [],
    inputs: { ...broken, ...strict },
    verdict: 'failed',
    remaining: brokenCells,
    current: brokenCells.slice(0, 1),
  },
  {
    before: [],
    inputs: { ...accounts(first, FLAKY), ...strict, 'retry-attempts': '3' },
    verdict: 'passed',
    remaining: listCells([first, FLAKY]),
    current: listCells([first, FLAKY]),
  },
];

const readInstances = async () => {
  harness.aws.setFaults([]);
  await harness.wait(120);
  const client = createClientFactory(harness.createHost({}), harness.overrideConfig)(REGION);
  const { Summaries = [] } = await client.send(new ListStackInstancesCommand({ StackSetName: 'guard' }));
  const cells = Summaries.map(({ Account, Region, Status }) => ({ cell: `${Account}/${Region}`, Status }));
  return {
    remaining: cells.map(({ cell }) => cell).toSorted(),
    current: cells.flatMap(({ cell, Status }) => (Status === 'CURRENT' ? [cell] : [])).toSorted(),
  };
};

/** A partial result passes with a warning that names the failure. */
const isVerdictRight = ({ failure, log }: RunResult, { verdict, remaining, current }: StackSetScenario): boolean => {
  if ((failure === undefined ? 'passed' : 'failed') !== verdict) return false;
  const isPartial = verdict === 'passed' && remaining === brokenCells && current !== remaining;
  return !isPartial || log.includes('Resource limit exceeded');
};

const FAULT_TARGET = {
  service: 'cloudformation',
  operations: [
    'DescribeStackSet',
    'DescribeStackSetOperation',
    'ListStack*',
    'CreateStackSet',
    'UpdateStackSet',
    '*StackInstances',
  ],
  reads: ['DescribeStackSetOperation', 'ListStackSetOperationResults', 'ListStackSetOperations'],
};

const runSeed = async (random: Random): Promise<object | undefined> => {
  harness.aws.reset();
  const scenario = pickRandom(random, scenarios);
  for (const inputs of scenario.before) await deploySet(harness, inputs, { random: () => random.number() });
  const faults = createFaultSchedule(random, FAULT_TARGET);
  harness.aws.setFaults(faults);
  const run = await deploySet(harness, scenario.inputs, { random: () => random.number() });
  const end = await readInstances();
  const isEndRight =
    end.remaining.join() === scenario.remaining.join() && end.current.join() === scenario.current.join();
  if (isVerdictRight(run, scenario) && isEndRight) return undefined;
  return { scenario, faults, failure: run.failure, end, writes: run.writes };
};

runWithSeeds({
  name: 'stack sets have the right verdict and instances, and keep those that are not to be deleted',
  seeds: 100,
  runSeed,
});
