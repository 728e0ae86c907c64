import { COMMENT_CHANGES_HELP, createReportNameInputs } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, choice, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Reporting';

/** Inputs for report files, comments and uploads. */
export const reportInputs = {
  'report-directory': string({
    group,
    help: 'Directory for `findings.sarif`, `recommendations.json` and `report.html`. When empty, a directory in the runner’s temporary directory is used.',
  }),
  comment: choice(
    'none',
    'summary',
    'changes',
    'lines',
  )({
    group,
    default: 'none',
    help: `Comments on the pull request. \`summary\` keeps one comment with the summary up to date. ${COMMENT_CHANGES_HELP} \`lines\` writes a review that comments once on each failing finding on lines that the pull request changed, with fixes of SARIF files as suggestions, and lists the others. It also resolves the threads of findings that no longer exist, which GitHub permits with \`contents: write\`. Requires \`pull-requests: write\`.`,
  }),
  'upload-sarif': boolean({
    group,
    default: false,
    help: 'Upload the findings to GitHub code scanning, and wait until GitHub has processed them. Requires `security-events: write`.',
  }),
  category: string({
    group,
    help: 'Category of the upload to code scanning. Uploads with the same category replace each other. When empty, it is made of the scanner, `root-directory` and `report-name`.',
  }),
  ...createReportNameInputs(group),
  'github-token': string({
    group,
    secret: true,
    githubDefault: '${{ github.token }}',
    help: 'GitHub token for comments and the SARIF upload.',
  }),
} as const;
