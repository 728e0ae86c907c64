import { choice, string } from './definition.js';

/** The input `http-proxy`. */
export const createHttpProxyInput = (group: string) =>
  string({
    group,
    secret: true,
    help: 'Proxy for every request. Without it: `HTTPS_PROXY` and `NO_PROXY` of the environment.',
  });

/** The inputs for a sticky pull-request comment; `help` describes its content. */
export const createCommentInputs = ({ group, help }: { readonly group: string; readonly help: string }) => ({
  comment: choice('none', 'summary')({ group, default: 'none', help }),
  'github-token': string({
    group,
    secret: true,
    githubDefault: '${{ github.token }}',
    help: 'Token for the comment; needs `pull-requests: write`.',
  }),
});
