import { gzipSync } from 'node:zlib';
import { countText } from '@aws-delivery/action-kit/count-text';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { type GitHubApi, githubApi } from '@aws-delivery/action-kit/github-api';
import { pullRequestIn } from '@aws-delivery/action-kit/github-comments';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { LIMITS } from '@aws-delivery/action-kit/markdown';
import type { Network } from '@aws-delivery/action-kit/network';
import { commentPlace, jobSubject, keepRunComment } from '@aws-delivery/action-kit/run-comment';
import { type Change, reviewedCommit } from '@aws-delivery/findings/change';
import { sarifOf } from './files.js';
import type { History } from './history.js';
import { commentLines } from './line-comment.js';
import type { Result } from './result.js';
import { summaryOf } from './summary.js';

export interface PublicationServices {
  readonly host: Host;
  readonly network: Network;
  readonly history: History;
}

type Work = PublicationServices & { readonly token: string; readonly api: GitHubApi };

const comment = async (result: Result, { host, network, history, token, api }: Work): Promise<void> => {
  const { variables, log, redactor } = host;
  const pullRequest = pullRequestIn(variables);
  const { request, change, code, judged } = result;
  if (request.comment === 'none') return;
  if (request.comment === 'summary') {
    const place = commentPlace({ token, network, variables });
    const subject = jobSubject('codeguru-review', variables);
    return keepRunComment(place, { subject, body: summaryOf(result, LIMITS.comment) }, host);
  }
  if (pullRequest === undefined) return;
  const redact = (text: string): string => redactor.redact(text);
  const changes = await history.changes();
  if (changes === undefined || change.kind !== 'pull-request') return;
  const target = { api, pullRequest, commit: change.head, prefix: code.prefix, redact };
  const kept = new Set<string>();
  const failing = judged.filter(({ standing }) => standing.kind === 'fails');
  const files = new Set(failing.flatMap(({ finding: { location } }) => location?.file ?? []));
  for (const file of files) if (changes.has(file) && (await history.isAsIn(change.head, file))) kept.add(file);
  const placed = failing.filter(({ finding }) => kept.has(finding.location?.file ?? ''));
  const { written, refused } = await commentLines(placed, changes, target);
  const rest = refused === 0 ? '' : `, ${refused} not, because GitHub does not take their lines for changed`;
  log.info(`${countText(written, 'finding')} commented on ${written === 1 ? 'its line' : 'their lines'}${rest}`);
};

/** Where alerts belong. Some events of a pull request run on the base, whose alerts are not the pull request's. */
const placeOf = (change: Change, variables: Variables) => {
  const { GITHUB_SHA: commit, GITHUB_REF: ref } = variables;
  const isOwn = change.kind !== 'pull-request' || change.number === undefined || ref?.startsWith('refs/pull/') === true;
  return isOwn
    ? { commit, ref }
    : { commit: reviewedCommit(change, variables), ref: `refs/pull/${change.number}/head` };
};

/** GitHub takes no results without a place. */
const upload = async (result: Result, { host, api }: Work): Promise<void> => {
  const { variables, log, redactor } = host;
  const placed = { ...result, judged: result.judged.filter(({ finding }) => finding.location !== undefined) };
  const sarif = gzipSync(redactor.redact(sarifOf(placed))).toString('base64');
  const { commit, ref } = placeOf(result.change, variables);
  if (!commit || !ref) throw new DeliveryError('missing', 'the host does not say of which commit and ref it would be');
  await api.send('POST', '/code-scanning/sarifs', { commit_sha: commit, ref, sarif });
  log.info('The findings are uploaded to code scanning');
};

const REMEDY = 'give the job the permission';

const attempt = async (what: string, permission: string, host: Host, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const isDenied = error instanceof DeliveryError && (error.code === 'denied' || error.code === 'not-found');
    const remedy = isDenied ? `: ${REMEDY} ${permission}; a pull request from a fork never has it` : '';
    host.log.warning(`${what}: ${textOf(error)}${remedy}`);
  }
};

/** Tells GitHub what was asked to be told. What it does not take is a warning: it changes no verdict. */
export const publish = async (result: Result, services: PublicationServices): Promise<void> => {
  const { token, uploadSarif } = result.request;
  const { host, network } = services;
  if (token === undefined) {
    host.log.warning("neither comments nor uploads without a token: add 'github-token'");
    return;
  }
  const work: Work = { ...services, token, api: githubApi({ network, token, variables: host.variables }) };
  await attempt('no comments were written', 'pull-requests: write', host, () => comment(result, work));
  if (!uploadSarif) return;
  await attempt('the findings were not uploaded', 'security-events: write', host, () => upload(result, work));
};
