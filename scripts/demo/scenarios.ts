/** A run of a workflow in the demo and its expected result. */
export interface Scenario {
  /** Base name of the summary file. */
  readonly name: string;
  readonly title: string;
  /** File name in `examples/workflows`. */
  readonly workflow: string;
  readonly trigger: 'push' | 'pull-request';
  readonly shards: string;
  /** Name of the step that fails; undefined if all pass. */
  readonly failsAt: string | undefined;
}

const FIRST_TRY = { name: 'first-try', title: 'First try: SHARD_COUNT is 0, which Kinesis refuses', shards: '0' };
const SECOND_TRY = { name: 'second-try', title: 'Second try: SHARD_COUNT is 1', shards: '1' };

/** Two runs of a workflow: with a wrong parameter, then with the correct one. */
const createTries = (workflow: string, failsAt: string): readonly Scenario[] => [
  { ...FIRST_TRY, workflow, trigger: 'push', failsAt },
  { ...SECOND_TRY, workflow, trigger: 'push', failsAt: undefined },
];

/** The complete delivery on local AWS. */
export const FULL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'pull-request',
    title: 'A pull request: reviewed and previewed, nothing is changed',
    workflow: 'pull-request.yml',
    trigger: 'pull-request',
    shards: '0',
    failsAt: undefined,
  },
  ...createTries('delivery.yml', 'Deploy data stack'),
];

/** The deployment of a stack: credentials come from local AWS, the resources from an emulator. */
export const STACK_SCENARIOS: readonly Scenario[] = createTries('first-delivery.yml', 'Deploy stack');
