import { choice, string } from './definition.js';

/** The input `http-proxy`. */
export const createHttpProxyInput = (group: string) =>
  string({
    group,
    secret: true,
    help: 'URL of the HTTP proxy for all requests. When empty, the environment variable `HTTPS_PROXY` is used. Hosts in `NO_PROXY` bypass the proxy.',
  });

/** The inputs for a sticky pull-request comment; `help` describes its content. */
export const createCommentInputs = ({ group, help }: { readonly group: string; readonly help: string }) => ({
  comment: choice('none', 'summary')({ group, default: 'none', help }),
  'github-token': string({
    group,
    secret: true,
    githubDefault: '${{ github.token }}',
    help: 'GitHub token for the pull request comment. Requires `pull-requests: write`.',
  }),
});
