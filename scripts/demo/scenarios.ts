/** A chapter of the demo: one run of a workflow, and what should come of it. */
export interface Scenario {
  /** Stem of the files it leaves. */
  readonly name: string;
  readonly title: string;
  /** In `examples/workflows`. */
  readonly workflow: string;
  readonly trigger: 'push' | 'pull-request';
  readonly shards: string;
  /** The step that fails; undefined where all pass. */
  readonly failsAt: string | undefined;
}

const FIRST_TRY = { name: 'first-try', title: 'First try: SHARD_COUNT is 0, which Kinesis refuses', shards: '0' };
const SECOND_TRY = { name: 'second-try', title: 'Second try: SHARD_COUNT is 1', shards: '1' };

/** Both tries of a workflow: with the wrong parameter, then with the right one. */
const createTries = (workflow: string, failsAt: string): readonly Scenario[] => [
  { ...FIRST_TRY, workflow, trigger: 'push', failsAt },
  { ...SECOND_TRY, workflow, trigger: 'push', failsAt: undefined },
];

/** The whole delivery, on local AWS. */
export const fullDelivery: readonly Scenario[] = [
  {
    name: 'pull-request',
    title: 'A pull request: reviewed and previewed, nothing is changed',
    workflow: 'pull-request.yml',
    trigger: 'pull-request',
    shards: '0',
    failsAt: undefined,
  },
  ...createTries('delivery.yml', 'Change the data'),
];

/** What an emulator can make: credentials come from local AWS, the stack's resources from the emulator. */
export const stackDelivery: readonly Scenario[] = createTries('first-delivery.yml', 'Change');
