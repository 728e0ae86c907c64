import { string } from '@aws-delivery/action-kit/inputs/definition';

/** Inputs for scans by Amazon Inspector. */
export const inspectorInputs = {
  'inspector-project': string({
    group: 'Amazon Inspector',
    help: 'Name of the repository in Amazon Inspector code security. When empty, `owner/name` of this repository is used.',
  }),
} as const;
