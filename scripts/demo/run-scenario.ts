import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoEnvironment } from './environment/demo-environment.js';
import type { Repository } from './environment/repository.js';
import type { Scenario } from './scenarios.js';
import { readWorkflow } from './workflow.js';
import { runWorkflow, type WorkflowRun } from './workflow-run.js';

/** Result of a scenario; `lenient`: the emulator accepted a parameter that AWS rejects. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly run: WorkflowRun;
  readonly outcome: 'expected' | 'lenient' | 'unexpected';
}

const buildEventPayload = ({ base, head }: Repository) => {
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

/** github context, token claims and event of the run: of a push to main or of a pull request. */
const buildGitHubContext = ({ trigger, name }: Scenario, { base, head }: Repository, ordinal: number) => {
  const run = { run_id: String(Date.now()), run_number: String(ordinal), workflow: name, sha: head };
  if (trigger === 'push')
    return { context: run, claims: {}, event: { before: base, after: head, ref: 'refs/heads/main' } };
  const ref = 'refs/pull/7/merge';
  const pull = { event_name: 'pull_request', ref, base_ref: 'main', head_ref: 'sell-tickets' };
  return {
    context: { ...run, ...pull },
    claims: { event_name: 'pull_request', ref, environment: '' },
    event: undefined,
  };
};

const classifyResult = (
  { failsAt }: Scenario,
  { passed, steps }: WorkflowRun,
  isEmulated: boolean,
): ScenarioResult['outcome'] => {
  const failed = steps.find(({ conclusion }) => conclusion === 'failure');
  if (failed?.id === failsAt && passed === (failsAt === undefined)) return 'expected';
  return passed && isEmulated ? 'lenient' : 'unexpected';
};

const formatRoleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

/** Runs the workflow of a scenario; `ordinal` is the run number, from 1. */
export const runScenario = async (
  environment: DemoEnvironment,
  scenario: Scenario,
  ordinal: number,
): Promise<ScenarioResult> => {
  const { root, directory, aws, repository, github, terminal, emulator } = environment;
  const { context, claims, event = buildEventPayload(repository) } = buildGitHubContext(scenario, repository, ordinal);
  const env = aws.createEnv({ claims });
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = env;
  const run = await runWorkflow({
    root,
    workflow: readWorkflow(join(root, 'examples', 'workflows', scenario.workflow)),
    variables: {
      AWS_REGION: env['AWS_REGION'] ?? '',
      DEPLOY_ROLE_ARN: formatRoleArn('deliver'),
      PREVIEW_ROLE_ARN: formatRoleArn('preview'),
      SHARD_COUNT: scenario.shards,
    },
    job: {
      workspace: repository.directory,
      env: { AWS_ENDPOINT_URL: aws.url },
      idToken: { url, token },
      github: { ...context, api_url: github.url, token: github.token },
      event,
    },
    onLine: (line) => terminal.printLogLine(line),
    onStep: (name) => terminal.printLine(`  ${terminal.applyStyle('bold', name)}`),
  });
  const summaries = run.steps.map(({ summary }) => summary).filter((summary) => summary !== '');
  writeFileSync(join(directory, `${scenario.name}.md`), summaries.join('\n\n'));
  return { scenario, run, outcome: classifyResult(scenario, run, emulator !== undefined) };
};
