import { MINUTE_MS } from '../../time/duration.js';
import { Timeline } from '../../time/timeline.js';

export type DeploymentState = 'DEPLOYING' | 'BAKING' | 'COMPLETE' | 'ROLLING_BACK' | 'ROLLED_BACK' | 'REVERTED';
export type EventTrigger = 'USER' | 'APPCONFIG' | 'CLOUDWATCH_ALARM';

/** State of a deployment from a moment on, and the event of its event log. */
export interface DeploymentSnapshot {
  readonly state: DeploymentState;
  readonly percentage: number;
  readonly event: { readonly type: string; readonly triggeredBy: EventTrigger; readonly description: string };
}

/** A deployment strategy, with the members of the API. */
export interface Strategy {
  readonly Id: string;
  readonly Name: string;
  readonly Description: string | undefined;
  readonly DeploymentDurationInMinutes: number;
  readonly FinalBakeTimeInMinutes: number;
  readonly GrowthFactor: number;
  readonly GrowthType: 'LINEAR' | 'EXPONENTIAL';
  readonly ReplicateTo: 'NONE';
  readonly createdAt: number;
}

/** AWS's predefined strategies (docs/aws-facts.md §2.2). */
export const BUILT_IN_STRATEGIES: readonly Strategy[] = (
  [
    ['AppConfig.AllAtOnce', 0, 10, 100],
    ['AppConfig.Linear50PercentEvery30Seconds', 1, 1, 50],
    ['AppConfig.Linear20PercentEvery6Minutes', 30, 30, 20],
    ['AppConfig.Canary10Percent20Minutes', 20, 10, 10],
  ] as const
).map(([name, duration, bakeTime, factor]) => ({
  Id: name,
  Name: name,
  Description: undefined,
  DeploymentDurationInMinutes: duration,
  FinalBakeTimeInMinutes: bakeTime,
  GrowthFactor: factor,
  GrowthType: name.includes('Canary') ? 'EXPONENTIAL' : 'LINEAR',
  ReplicateTo: 'NONE',
  createdAt: 0,
}));

/** Percentage after each step: `factor · N` or `factor · 2^(N-1)`, at most 100. */
const computePercentages = ({ GrowthFactor: growthFactor, GrowthType: growthType }: Strategy): readonly number[] => {
  const percentages: number[] = [];
  for (let step = 1; (percentages.at(-1) ?? 0) < 100; step += 1) {
    const percentage = growthType === 'LINEAR' ? growthFactor * step : growthFactor * 2 ** (step - 1);
    percentages.push(Math.min(100, percentage));
  }
  return percentages;
};

const createProgressSnapshot = (percentage: number): DeploymentSnapshot => ({
  state: 'DEPLOYING',
  percentage,
  event: {
    type: 'PERCENTAGE_UPDATED',
    triggeredBy: 'APPCONFIG',
    description: `Configuration available to ${percentage.toFixed(2)}% of clients`,
  },
});

/** Plans a deployment without interruptions. Steps are spread evenly over its duration. */
export const planGrowth = (at: number, strategy: Strategy): Timeline<DeploymentSnapshot> => {
  const { DeploymentDurationInMinutes: durationMinutes, FinalBakeTimeInMinutes: bakeMinutes } = strategy;
  const createEvent = (type: string, description: string) => ({ type, triggeredBy: 'APPCONFIG', description }) as const;
  const timeline = new Timeline<DeploymentSnapshot>().plan(at, {
    state: 'DEPLOYING',
    percentage: 0,
    event: { type: 'DEPLOYMENT_STARTED', triggeredBy: 'USER', description: 'Deployment started' },
  });
  const steps = computePercentages(strategy);
  const interval = (durationMinutes * MINUTE_MS) / steps.length;
  for (const [index, percentage] of steps.entries())
    timeline.plan(at + interval * (index + 1), createProgressSnapshot(percentage));
  const full = at + durationMinutes * MINUTE_MS;
  const bakeDescription = `Baking deployment for ${bakeMinutes} minutes`;
  if (bakeMinutes > 0) {
    timeline.plan(full, { state: 'BAKING', percentage: 100, event: createEvent('BAKE_TIME_STARTED', bakeDescription) });
  }
  const complete = createEvent('DEPLOYMENT_COMPLETED', 'Deployment completed');
  return timeline.plan(full + bakeMinutes * MINUTE_MS, { state: 'COMPLETE', percentage: 100, event: complete });
};

/** Replaces the plan after `at` with a rollback. */
export const planRollback = (
  timeline: Timeline<DeploymentSnapshot>,
  at: number,
  durationMs: number,
  triggeredBy: EventTrigger,
  description: string,
): void => {
  timeline
    .truncateAfter(at)
    .plan(at, { state: 'ROLLING_BACK', percentage: 100, event: { type: 'ROLLBACK_STARTED', triggeredBy, description } })
    .plan(at + durationMs, {
      state: 'ROLLED_BACK',
      percentage: 0,
      event: { type: 'ROLLBACK_COMPLETED', triggeredBy: 'APPCONFIG', description: 'Deployment rolled back' },
    });
};

/** Reverts a completed deployment. */
export const planRevert = (timeline: Timeline<DeploymentSnapshot>, at: number): void => {
  const event = { type: 'REVERT_COMPLETED', triggeredBy: 'USER', description: 'Deployment reverted' } as const;
  timeline.truncateAfter(at).plan(at, { state: 'REVERTED', percentage: 0, event });
};

const RUNNING_STATES: readonly DeploymentState[] = ['DEPLOYING', 'BAKING', 'ROLLING_BACK'];

export const isInProgress = ({ state }: DeploymentSnapshot): boolean => RUNNING_STATES.includes(state);
