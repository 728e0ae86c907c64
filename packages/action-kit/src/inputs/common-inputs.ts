import { choice, string } from './definition.js';

/** How requests leave: the same in every action. */
export const createHttpProxyInput = (group: string) =>
  string({
    group,
    secret: true,
    help: 'Proxy for every request. Without it: `HTTPS_PROXY` and `NO_PROXY` of the environment.',
  });

/** The one comment that a run keeps up to date in its pull request; `help` says what is in it. */
export const createCommentInputs = ({ group, help }: { readonly group: string; readonly help: string }) => ({
  comment: choice('none', 'summary')({ group, default: 'none', help }),
  'github-token': string({
    group,
    secret: true,
    githubDefault: '${{ github.token }}',
    help: 'Token for the comment; needs `pull-requests: write`.',
  }),
});
