import { integer, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Several stacks';

export const stacksInputs = {
  stacks: string({
    group,
    help: 'Stacks to run `mode` on, in place of `name`: a YAML or JSON list, or the location of a file with it (a path, `s3://bucket/key` or the https URL of an S3 object). Each entry has a `name`, optionally `needs` (names of stacks in the list that come first), and any input that applies to one stack, such as `template`, `parameters` and `tags`. The inputs of the step are the defaults.',
  }),
  concurrency: integer({ min: 1, max: 100 })({
    group,
    default: 20,
    help: 'Maximum number of stacks of `stacks` that are processed in parallel.',
  }),
} as const;
