import type { Random } from '@aws-delivery/local-aws/random';
import { afterAll } from '@jest/globals';
import type { DeployScenario } from './deploy-scenarios.js';
import { type FinalState, ScenarioFixture } from './deploy-scenarios.js';
import { runWithSeeds } from './fault-injection.js';
import { pickRandom, randomBelow } from './fault-schedule.js';

const fixture = await ScenarioFixture.create();
const { harness } = fixture;
afterAll(() => harness.close());

/** How a run is interrupted: cancelled, or killed before or after a call reached AWS. */
type EarlyEnd = 'cancelled' | 'killed-before' | 'killed-after';
type Policy = 'leave' | 'cancel-update' | 'rollback';

interface InterruptedRun {
  /** Whether the run made enough calls to be interrupted. */
  readonly isEarly: boolean;
  readonly state: Readonly<Record<string, string>>;
  readonly writes: readonly string[];
}

/** Runs the action and interrupts it at the nth call. */
const interruptAt = async (
  inputs: DeployScenario['inputs'],
  { earlyEnd, call, random }: { earlyEnd: EarlyEnd; call: number; random: Random },
): Promise<InterruptedRun> => {
  const controller = new AbortController();
  let [calls, isProcessGone] = [0, false];
  const interrupt = (): void => {
    isProcessGone = earlyEnd !== 'cancelled';
    // Ends pauses too: a killed process does not sleep.
    controller.abort('cancelled');
  };
  const wrapCall = async <T>(send: () => Promise<T>): Promise<T> => {
    calls += 1;
    const isLast = calls === call;
    if (isLast && earlyEnd !== 'killed-after') interrupt();
    if (isProcessGone) throw new Error('the process is gone');
    const response = await send();
    if (isLast && earlyEnd === 'killed-after') interrupt();
    return response;
  };
  const run = await harness.deploy(inputs, {
    signal: controller.signal,
    random: () => random.number(),
    wrapCall,
    isProcessGone: () => isProcessGone,
  });
  return { isEarly: calls >= call, state: run.host.recorded.state, writes: run.writes };
};

interface PolicyResult {
  readonly policy: Policy;
  readonly interruptedRun: InterruptedRun;
  /** The stack's status before the post step. */
  readonly before: string;
  /** Write operations of the post step. */
  readonly writes: readonly string[];
  readonly end: FinalState;
}

/** Whether the final state is what the policy requires for the stack's status before the post step. */
const isPolicyFulfilled = ({ policy, interruptedRun, before, writes, end }: PolicyResult): boolean => {
  const stops = writes.filter((name) => ['CancelUpdateStack', 'RollbackStack'].includes(name));
  const isUnderWay = interruptedRun.isEarly && interruptedRun.writes.some((name) => name !== 'CreateChangeSet');
  if (end.status === 'REVIEW_IN_PROGRESS' || end.hasDuplicateOperation || end.orphanedChangeSets.length > 0)
    return false;
  if (policy === 'leave') return stops.length === 0;
  if (isUnderWay && before === 'UPDATE_IN_PROGRESS') return stops.includes('CancelUpdateStack') && !end.hasSucceeded;
  if (policy === 'rollback' && isUnderWay && before === 'CREATE_IN_PROGRESS') return end.status === 'none';
  return true;
};

runWithSeeds({
  name: 'a run that is cancelled or killed, and its post step, leave what on-cancel says, and no change set',
  seeds: 100,
  runSeed: async (random) => {
    const deployScenario = await fixture.setUp(random);
    const policy = pickRandom<Policy>(random, ['leave', 'cancel-update', 'rollback']);
    const earlyEnd = pickRandom<EarlyEnd>(random, ['cancelled', 'killed-before', 'killed-after']);
    const call = 1 + randomBelow(random, 20);
    const interruptedRun = await interruptAt(
      { ...deployScenario.inputs, 'on-cancel': policy },
      { earlyEnd, call, random },
    );
    const before = await fixture.readStatus();
    const post = await harness.post(interruptedRun.state);
    const end = await fixture.readFinalState();
    const policyResult = { policy, interruptedRun, before, writes: post.writes, end };
    return isPolicyFulfilled(policyResult)
      ? undefined
      : { deployScenario, earlyEnd, call, ...policyResult, log: post.log };
  },
});
