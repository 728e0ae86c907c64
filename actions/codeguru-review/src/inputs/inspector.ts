import { string } from '@aws-delivery/action-kit/inputs/definition';

/** Inputs for scans by Amazon Inspector. */
export const inspectorInputs = {
  'inspector-project': string({
    group: 'Amazon Inspector',
    help: 'The repository’s name in Inspector code security; `owner/name` of this repository without it.',
  }),
} as const;
