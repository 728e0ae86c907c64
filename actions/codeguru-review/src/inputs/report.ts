import { boolean, choice, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What people see';

/** Inputs for report files, comments and uploads. */
export const reportInputs = {
  'report-directory': string({
    group,
    help: 'Where `findings.sarif`, `recommendations.json` and `report.html` are written. Without it: a folder in the runner’s temporary folder.',
  }),
  comment: choice(
    'none',
    'summary',
    'lines',
  )({
    group,
    default: 'none',
    help: 'Keep one pull-request comment up to date with the summary, or comment failing findings on the lines that the pull request changed, each once.',
  }),
  'upload-sarif': boolean({
    group,
    default: false,
    help: 'Upload the SARIF file to GitHub code scanning. Needs `security-events: write`.',
  }),
  'github-token': string({
    group,
    secret: true,
    githubDefault: '${{ github.token }}',
    help: 'Token for comments and the upload.',
  }),
} as const;
