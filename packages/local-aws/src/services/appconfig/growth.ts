import { Timeline } from '../../timeline.js';

export type State = 'DEPLOYING' | 'BAKING' | 'COMPLETE' | 'ROLLING_BACK' | 'ROLLED_BACK' | 'REVERTED';
export type Trigger = 'USER' | 'APPCONFIG' | 'CLOUDWATCH_ALARM';

/** What is true of a deployment from a moment on, and the event that told of it. */
export interface Fact {
  readonly state: State;
  readonly percentage: number;
  readonly event: { readonly type: string; readonly by: Trigger; readonly text: string };
}

export interface Strategy {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly durationMinutes: number;
  readonly bakeMinutes: number;
  readonly growthFactor: number;
  readonly growthType: 'LINEAR' | 'EXPONENTIAL';
}

const MINUTE = 60_000;

const builtIn = (name: string, durationMinutes: number, bakeMinutes: number, growthFactor: number): Strategy => ({
  id: `AppConfig.${name}`,
  name: `AppConfig.${name}`,
  description: undefined,
  durationMinutes,
  bakeMinutes,
  growthFactor,
  growthType: name.startsWith('Canary') ? 'EXPONENTIAL' : 'LINEAR',
});

/** The strategies that are there without being made (aws-facts §2.2). */
export const BUILT_IN: readonly Strategy[] = [
  builtIn('AllAtOnce', 0, 10, 100),
  builtIn('Linear50PercentEvery30Seconds', 1, 1, 50),
  builtIn('Linear20PercentEvery6Minutes', 30, 30, 20),
  builtIn('Canary10Percent20Minutes', 20, 10, 10),
];

/** The percentages of a growth, step by step: `factor · N` or `factor · 2^N`, the last one 100. */
const stepsOf = ({ growthFactor, growthType }: Strategy): readonly number[] => {
  const percentages: number[] = [];
  for (let step = 1; (percentages.at(-1) ?? 0) < 100; step += 1) {
    const grown = growthType === 'LINEAR' ? growthFactor * step : growthFactor * 2 ** (step - 1);
    percentages.push(Math.min(100, grown));
  }
  return percentages;
};

const grown = (percentage: number): Fact => ({
  state: 'DEPLOYING',
  percentage,
  event: {
    type: 'PERCENTAGE_UPDATED',
    by: 'APPCONFIG',
    text: `Configuration available to ${percentage.toFixed(2)}% of clients`,
  },
});

/** Everything a deployment goes through when nobody interferes. Steps are spread evenly over its duration. */
export const planGrowth = (at: number, strategy: Strategy): Timeline<Fact> => {
  const { durationMinutes, bakeMinutes } = strategy;
  const event = (type: string, text: string) => ({ type, by: 'APPCONFIG', text }) as const;
  const timeline = new Timeline<Fact>().plan(at, {
    state: 'DEPLOYING',
    percentage: 0,
    event: { type: 'DEPLOYMENT_STARTED', by: 'USER', text: 'Deployment started' },
  });
  const steps = stepsOf(strategy);
  const interval = (durationMinutes * MINUTE) / steps.length;
  for (const [index, percentage] of steps.entries()) timeline.plan(at + interval * (index + 1), grown(percentage));
  const full = at + durationMinutes * MINUTE;
  const minutes = `Baking deployment for ${bakeMinutes} minutes`;
  if (bakeMinutes > 0) {
    timeline.plan(full, { state: 'BAKING', percentage: 100, event: event('BAKE_TIME_STARTED', minutes) });
  }
  const complete = event('DEPLOYMENT_COMPLETED', 'Deployment completed');
  return timeline.plan(full + bakeMinutes * MINUTE, { state: 'COMPLETE', percentage: 100, event: complete });
};

/** Takes a deployment back from `at` on. */
export const planRollback = (
  timeline: Timeline<Fact>,
  at: number,
  lasting: number,
  by: Trigger,
  text: string,
): void => {
  timeline
    .cut(at)
    .plan(at, { state: 'ROLLING_BACK', percentage: 100, event: { type: 'ROLLBACK_STARTED', by, text } })
    .plan(at + lasting, {
      state: 'ROLLED_BACK',
      percentage: 0,
      event: { type: 'ROLLBACK_COMPLETED', by: 'APPCONFIG', text: 'Deployment rolled back' },
    });
};

/** Takes a completed deployment back. */
export const planRevert = (timeline: Timeline<Fact>, at: number): void => {
  const event = { type: 'REVERT_COMPLETED', by: 'USER', text: 'Deployment reverted' } as const;
  timeline.cut(at).plan(at, { state: 'REVERTED', percentage: 0, event });
};

const RUNNING: readonly State[] = ['DEPLOYING', 'BAKING', 'ROLLING_BACK'];

export const isRunning = ({ state }: Fact): boolean => RUNNING.includes(state);
