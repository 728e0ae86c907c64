/** A run of a workflow in the demo and its expected result. */
export interface Scenario {
  /** Base name of the summary file. */
  readonly name: string;
  readonly title: string;
  /** What happened, as a sentence, if the result is as expected. */
  readonly description: string;
  /** File name in `examples/workflows`. */
  readonly workflow: string;
  readonly trigger: 'push' | 'pull-request';
  readonly shards: string;
  /** Id of the step that fails; undefined if all pass. */
  readonly failsAt: string | undefined;
}

/** Two runs of a workflow: with a wrong parameter, then with the correct one. */
const createDeliveries = (workflow: string, failsAt: string): readonly Scenario[] => [
  {
    name: 'first-delivery',
    title: 'First delivery: SHARD_COUNT is 0',
    description:
      'The first delivery failed, because Kinesis rejects a stream with 0 shards. Its summary names the parameter, and the created resources were kept.',
    workflow,
    trigger: 'push',
    shards: '0',
    failsAt,
  },
  {
    name: 'second-delivery',
    title: 'Second delivery: SHARD_COUNT is 1',
    description: 'The second delivery, with 1 shard, resumed the stack and completed.',
    workflow,
    trigger: 'push',
    shards: '1',
    failsAt: undefined,
  },
];

/** The complete delivery on local AWS. */
export const FULL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'pull-request',
    title: 'Pull request',
    description: 'A pull request was reviewed, and the changes of its stack were previewed; nothing was deployed.',
    workflow: 'pull-request.yml',
    trigger: 'pull-request',
    shards: '0',
    failsAt: undefined,
  },
  ...createDeliveries('delivery.yml', 'data'),
];

/** The deployment of a stack: credentials come from local AWS, the resources from an emulator. */
export const STACK_SCENARIOS: readonly Scenario[] = createDeliveries('first-delivery.yml', 'stack');
