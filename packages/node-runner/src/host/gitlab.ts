import { createNetwork } from '@aws-delivery/action-kit/http/network';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { sanitizeLog } from '@aws-delivery/action-kit/util/sanitize';
import type { LogEntry } from '../commands/command-processor.js';
import { renderSummaryText } from '../summary/render-text.js';
import type { TokenSource } from '../token/token-source.js';
import { VariableTokenSource } from '../token/variable-token-source.js';
import { syncNote } from './gitlab-notes.js';
import { buildRef, type CiHost, createContext, type HostEnvironment, type Output } from './host.js';
import { formatPlainEntry } from './log-format.js';

const buildContext = (env: Env, event: string): Readonly<Record<string, string>> =>
  createContext({
    event_name: event,
    actor: env['GITLAB_USER_LOGIN'],
    actor_id: env['GITLAB_USER_ID'],
    triggering_actor: env['GITLAB_USER_LOGIN'],
    api_url: env['CI_API_V4_URL'],
    graphql_url: env['CI_API_GRAPHQL_URL'],
    base_ref: env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'],
    head_ref: env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
    pull_request_number: env['CI_MERGE_REQUEST_IID'],
    job: env['CI_JOB_NAME'],
    ...buildRef(env['CI_COMMIT_BRANCH'] || env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'], env['CI_COMMIT_TAG']),
    ref_protected: env['CI_COMMIT_REF_PROTECTED'],
    repository: env['CI_PROJECT_PATH'],
    repository_id: env['CI_PROJECT_ID'],
    repository_owner: env['CI_PROJECT_NAMESPACE'],
    repository_owner_id: env['CI_PROJECT_NAMESPACE_ID'],
    // A retried job has no attempt number but a higher id, which preserves the order of attempts.
    run_attempt: env['CI_JOB_ID'],
    run_id: env['CI_PIPELINE_ID'],
    run_number: env['CI_PIPELINE_IID'],
    server_url: env['CI_SERVER_URL'],
    sha: env['CI_COMMIT_SHA'],
    workflow: env['CI_PIPELINE_NAME'] || env['CI_PROJECT_TITLE'],
  });

interface PipelineEvent {
  readonly name: string;
  readonly payload: object;
}

const buildMergeRequestEvent = (env: Env): PipelineEvent | undefined => {
  const base = env['CI_MERGE_REQUEST_DIFF_BASE_SHA'];
  const head = env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || env['CI_COMMIT_SHA'];
  if (!env['CI_MERGE_REQUEST_IID'] || !base || !head) return undefined;
  const toRepository = (name: string | undefined): object => ({ full_name: name ?? '' });
  const payload = {
    pull_request: {
      base: { sha: base, repo: toRepository(env['CI_MERGE_REQUEST_PROJECT_PATH']) },
      head: { sha: head, repo: toRepository(env['CI_MERGE_REQUEST_SOURCE_PROJECT_PATH']) },
    },
  };
  return { name: 'pull_request', payload };
};

/** The event of the pipeline in GitHub's terms: a pull request, a push, or an empty event. */
const buildEvent = (env: Env): PipelineEvent => {
  const push = { before: env['CI_COMMIT_BEFORE_SHA'], after: env['CI_COMMIT_SHA'] };
  const event = env['CI_PIPELINE_SOURCE'] === 'push' ? { name: 'push', payload: push } : { name: '', payload: {} };
  return buildMergeRequestEvent(env) ?? event;
};

/** The `id_tokens` variable in GitLab's documentation and in our components. */
const TOKEN_VARIABLE = 'GITLAB_OIDC_TOKEN';

const findTokenSource = (env: Env): TokenSource | undefined =>
  env[TOKEN_VARIABLE] ? new VariableTokenSource(TOKEN_VARIABLE, env, 'id_tokens') : undefined;

/** A job of GitLab: collapsible sections in the log; outputs and reports are artifacts. */
export class GitLabHost implements CiHost {
  readonly name = 'gitlab';
  readonly workspace: string;
  readonly temp = undefined;
  readonly github: Readonly<Record<string, string>>;
  readonly event: object;
  readonly token: TokenSource | undefined;
  readonly tokenHint = "add 'id_tokens: { GITLAB_OIDC_TOKEN: { aud: sts.amazonaws.com } }' to the job";
  private readonly environment: HostEnvironment;
  private readonly openSections: string[] = [];
  private sectionCount = 0;

  constructor(environment: HostEnvironment) {
    const { env, directory } = environment;
    const { name, payload } = buildEvent(env);
    this.workspace = env['CI_PROJECT_DIR'] || directory;
    this.github = buildContext(env, name);
    this.event = payload;
    this.token = findTokenSource(env);
    this.environment = environment;
  }

  show(entry: LogEntry): void {
    if (entry.kind === 'group') this.openSection(sanitizeLog(entry.message));
    else if (entry.kind === 'endgroup') this.closeSection();
    else this.writeLine(formatPlainEntry(entry));
  }

  /** GitLab cannot add masks to a running job; the output of the runner is already masked. */
  hide(): void {}

  /** Outputs are written to files only: see the option `--outputs`. */
  setOutput(_output: Output): void {}

  async publishSummary(markdown: string): Promise<void> {
    this.openSection('Summary');
    this.writeLine(renderSummaryText(markdown));
    this.closeSection();
  }

  async comment(markdown: string, token: string): Promise<string | undefined> {
    const { env } = this.environment;
    const { CI_API_V4_URL: api, CI_MERGE_REQUEST_PROJECT_ID: project, CI_MERGE_REQUEST_IID: mergeRequest } = env;
    if (!api || !project || !mergeRequest) return undefined;
    const network = createNetwork({ env });
    try {
      const subject = `delivery ${env['CI_JOB_NAME'] ?? ''}`;
      const outcome = await syncNote({ network, token, api, project, mergeRequest }, subject, markdown);
      return outcome.kind === 'failed' ? outcome.warning : `Merge request note ${outcome.kind}`;
    } finally {
      network.close();
    }
  }

  close(): void {
    while (this.openSections.length > 0) this.closeSection();
  }

  private openSection(title: string): void {
    this.sectionCount += 1;
    const name = `delivery_${this.sectionCount}`;
    this.openSections.push(name);
    this.writeLine(`${this.renderSectionMarker('start', name)}${title}`);
  }

  private closeSection(): void {
    const name = this.openSections.pop();
    if (name !== undefined) this.writeLine(this.renderSectionMarker('end', name));
  }

  /** See GitLab's documentation, "custom collapsible sections". */
  private renderSectionMarker(edge: 'start' | 'end', name: string): string {
    return `\u001b[0Ksection_${edge}:${Math.floor(this.environment.now() / 1000)}:${name}\r\u001b[0K`;
  }

  private writeLine(content: string): void {
    this.environment.print(`${content}\n`);
  }
}
