import { classify, type ErrorClass } from '@aws-delivery/action-kit/aws-error';
import { poll } from '@aws-delivery/action-kit/poll';
import type { AppConfig } from './appconfig.js';
import { type DeploymentDetail, type Place, readDeployment, stopDeployment } from './deployment.js';
import type { Vigil } from './probe.js';
import { isAbsent } from './refusal.js';
import type { Waiting } from './waiting.js';

export interface FollowOptions {
  readonly appConfig: AppConfig;
  readonly waiting: Waiting;
  readonly place: Place;
  readonly number: number;
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
  /** When it counts as having got there. */
  readonly goal: 'complete' | 'deployed' | 'started';
  /** What it needs when nothing goes wrong, in milliseconds. */
  readonly lasting: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly vigil?: Vigil | undefined;
  /** Told at each new state and percentage. */
  readonly seen: (detail: DeploymentDetail) => void;
}

/** How a deployment came out. */
export type Ending =
  | { readonly kind: 'arrived'; readonly detail: DeploymentDetail }
  | { readonly kind: 'taken-back'; readonly detail: DeploymentDetail }
  /** The probes said so; it is being rolled back. */
  | { readonly kind: 'unwell'; readonly detail: DeploymentDetail; readonly reason: string };

const isThere = ({ state }: DeploymentDetail, goal: FollowOptions['goal']): boolean => {
  if (state === 'COMPLETE') return true;
  if (goal === 'deployed') return state === 'BAKING';
  return goal === 'started' && (state === 'DEPLOYING' || state === 'BAKING');
};

/** A share of what it lasts is soon enough to see a change, and sparing of calls. */
const paceFor = (lasting: number) => ({
  first: 1000,
  factor: 2,
  ceiling: Math.min(30_000, Math.max(2000, lasting / 12)),
});

// Right after its start a deployment may not be readable yet.
const judge = (error: unknown): ErrorClass => (isAbsent(error) ? 'eventual' : classify(error));

/** Follows a deployment to its goal or its end. Throws `timeout` when it is overdue, `cancelled` on abort. */
export const follow = async (options: FollowOptions): Promise<Ending> => {
  const { appConfig, waiting, place, number, goal, vigil, seen } = options;
  let last = '';
  return poll<Ending>({
    ...waiting,
    what: `${options.name} (deployment ${number})`,
    deadline: options.deadline,
    pace: paceFor(options.lasting),
    judge,
    read: async () => {
      const detail = await readDeployment(appConfig, place, number);
      const now = `${detail.state} ${detail.percentage}`;
      if (now !== last) seen(detail);
      // Steps of a growth are far apart: only a new state is a reason to look again soon.
      const moved = !last.startsWith(`${detail.state} `);
      last = now;
      if (detail.state === 'ROLLED_BACK' || detail.state === 'REVERTED') {
        return { state: 'done', value: { kind: 'taken-back', detail } };
      }
      if (isThere(detail, goal)) return { state: 'done', value: { kind: 'arrived', detail } };
      const reason = await vigil?.alarm();
      if (reason === undefined) return { state: 'pending', moved };
      // It may have completed since it was read: then it is reverted.
      await stopDeployment(appConfig, place, { number, isRevert: true });
      return { state: 'done', value: { kind: 'unwell', detail, reason } };
    },
  });
};

/** How long a rollback may take to be seen, in milliseconds. */
const ROLLBACK = 5 * 60_000;

type BackOptions = Pick<FollowOptions, 'appConfig' | 'waiting' | 'place' | 'number' | 'name'> &
  Partial<Pick<FollowOptions, 'seen'>>;

/** Waits until a deployment that is being taken back has been. */
export const followBack = (options: BackOptions): Promise<Ending> => {
  const deadline = options.waiting.clock.now() + ROLLBACK;
  return follow({ seen: () => undefined, ...options, deadline, goal: 'complete', lasting: 0 });
};
