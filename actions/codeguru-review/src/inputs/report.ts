import { string } from '@aws-delivery/action-kit/definition';

const group = 'What people see';

/** Inputs of what is shown and kept. */
export const reportInputs = {
  'report-directory': string({
    group,
    help: 'Where `findings.sarif`, `recommendations.json` and `report.html` are written. Without it: a folder in the runner’s temporary folder.',
  }),
} as const;
