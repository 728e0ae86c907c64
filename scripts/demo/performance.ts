import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Delivery, deliver } from './delivery.js';
import type { Repository } from './repository.js';
import type { Stage } from './stage.js';
import type { Chapter } from './story.js';
import { readWorkflow } from './workflow.js';

/** A chapter as it went; `lenient`: an emulator let through what AWS refuses. */
export interface Performance {
  readonly chapter: Chapter;
  readonly delivery: Delivery;
  readonly end: 'expected' | 'lenient' | 'surprising';
}

const payloadOf = ({ base, head }: Repository) => {
  const repo = { full_name: 'octo-org/octo-repo', fork: false };
  return {
    number: 7,
    pull_request: {
      number: 7,
      title: 'Sell tickets',
      base: { ref: 'main', sha: base, repo },
      head: { ref: 'sell-tickets', sha: head, repo },
    },
    repository: repo,
  };
};

/** What the runner says of the run: a push to main, or the pull request before it. */
const contextOf = ({ trigger, name }: Chapter, { base, head }: Repository, ordinal: number) => {
  const run = { run_id: String(Date.now()), run_number: String(ordinal), workflow: name, sha: head };
  if (trigger === 'push')
    return { context: run, claims: {}, event: { before: base, after: head, ref: 'refs/heads/main' } };
  const ref = 'refs/pull/7/merge';
  const pull = { event_name: 'pull_request', ref, base_ref: 'main', head_ref: 'sell-tickets' };
  return { context: { ...run, ...pull }, claims: { event_name: 'pull_request', ref }, event: undefined };
};

const endOf = ({ failsAt }: Chapter, { passed, steps }: Delivery, isEmulated: boolean): Performance['end'] => {
  const failed = steps.find(({ conclusion }) => conclusion === 'failure');
  if (failed?.name === failsAt) return 'expected';
  return passed && isEmulated ? 'lenient' : 'surprising';
};

const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

/** Runs a chapter's workflow; `ordinal` is its place in the story, from 1. */
export const perform = async (stage: Stage, chapter: Chapter, ordinal: number): Promise<Performance> => {
  const { root, folder, aws, repository, github, terminal, emulator } = stage;
  const { context, claims, event = payloadOf(repository) } = contextOf(chapter, repository, ordinal);
  const environment = aws.environment({ claims });
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = environment;
  const delivery = await deliver({
    root,
    workflow: readWorkflow(join(root, 'examples', 'workflows', chapter.workflow)),
    variables: {
      AWS_REGION: environment['AWS_REGION'] ?? '',
      DEPLOY_ROLE_ARN: role('deliver'),
      PREVIEW_ROLE_ARN: role('preview'),
      SHARD_COUNT: chapter.shards,
    },
    job: {
      workspace: repository.folder,
      env: { AWS_ENDPOINT_URL: aws.url },
      idToken: { url, token },
      github: { ...context, api_url: github.url, token: github.token },
      event,
    },
    onLine: (line) => terminal.logLine(line),
    onStep: (name) => terminal.line(`  ${terminal.styled('bold', name)}`),
  });
  const summaries = delivery.steps.map(({ summary }) => summary).filter((summary) => summary !== '');
  writeFileSync(join(folder, `${chapter.name}.md`), summaries.join('\n\n'));
  return { chapter, delivery, end: endOf(chapter, delivery, emulator !== undefined) };
};
