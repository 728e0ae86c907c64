import { UNUSED_EXCEPTION_POLICIES } from '../host/unused-exceptions.js';
import { choice, string } from './definition.js';

/** The input `http-proxy`. */
export const createHttpProxyInput = (group: string) =>
  string({
    group,
    secret: true,
    help: 'URL of the HTTP proxy for all requests. When empty, the environment variable `HTTPS_PROXY` is used. Hosts in `NO_PROXY` bypass the proxy.',
  });

/** Explains the value `changes` of `comment`. */
export const COMMENT_CHANGES_HELP =
  '`changes` is the same, but only while there is something to report: otherwise the comment is removed.';

/** The inputs that tell the reports of several runs of an action apart. */
export const createReportNameInputs = (group: string) => ({
  'report-name': string({
    group,
    help: 'Name of the report, shown in the heading of the summary. Pull request comments, uploads and the default paths of report files are named after it as well: steps with the same name update the same comment. When empty, it is made of what differs between the steps of a job and the jobs of a matrix.',
  }),
  matrix: string({
    group,
    githubDefault: '${{ toJSON(matrix) }}',
    help: 'Matrix values of the job, for the default of `report-name`. Leave unset.',
  }),
});

/** The input `on-unused-exception`; `exceptions` names them. */
export const createUnusedExceptionInput = ({
  group,
  exceptions,
}: {
  readonly group: string;
  readonly exceptions: string;
}) =>
  choice(...UNUSED_EXCEPTION_POLICIES)({
    group,
    default: 'warn',
    help: `What to do when ${exceptions} match nothing: \`ignore\`, \`warn\` about them, or \`fail\` the step. An exception is not reported if what it applies to was not read completely.`,
  });

/** The inputs for a sticky pull-request comment; `help` describes its content. */
export const createCommentInputs = ({ group, help }: { readonly group: string; readonly help: string }) => ({
  comment: choice('none', 'summary', 'changes')({ group, default: 'none', help: `${help} ${COMMENT_CHANGES_HELP}` }),
  'github-token': string({
    group,
    secret: true,
    githubDefault: '${{ github.token }}',
    help: 'GitHub token for the pull request comment. Requires `pull-requests: write`.',
  }),
});
