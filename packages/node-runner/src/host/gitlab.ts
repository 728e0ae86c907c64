import { createNetwork } from '@aws-delivery/action-kit/network';
import type { TokenSource } from '../token/token-source.js';
import { VariableTokenSource } from '../token/variable-token-source.js';
import type { Entry } from '../transcript.js';
import { annotationText, plainText } from './annotation-text.js';
import { keepNote } from './gitlab-notes.js';
import { type CiHost, contextOf, type Output, refOf, type Surroundings, type Variables } from './host.js';

const contextIn = (variables: Variables, event: string): Readonly<Record<string, string>> =>
  contextOf({
    event_name: event,
    actor: variables['GITLAB_USER_LOGIN'],
    actor_id: variables['GITLAB_USER_ID'],
    triggering_actor: variables['GITLAB_USER_LOGIN'],
    api_url: variables['CI_API_V4_URL'],
    graphql_url: variables['CI_API_GRAPHQL_URL'],
    base_ref: variables['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'],
    head_ref: variables['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
    job: variables['CI_JOB_NAME'],
    ...refOf(
      variables['CI_COMMIT_BRANCH'] || variables['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
      variables['CI_COMMIT_TAG'],
    ),
    ref_protected: variables['CI_COMMIT_REF_PROTECTED'],
    repository: variables['CI_PROJECT_PATH'],
    repository_id: variables['CI_PROJECT_ID'],
    repository_owner: variables['CI_PROJECT_NAMESPACE'],
    repository_owner_id: variables['CI_PROJECT_NAMESPACE_ID'],
    // A job that is tried again has no count of its own, but a higher id: attempts of one pipeline stay in order.
    run_attempt: variables['CI_JOB_ID'],
    run_id: variables['CI_PIPELINE_ID'],
    run_number: variables['CI_PIPELINE_IID'],
    server_url: variables['CI_SERVER_URL'],
    sha: variables['CI_COMMIT_SHA'],
    workflow: variables['CI_PIPELINE_NAME'] || variables['CI_PROJECT_TITLE'],
  });

interface Event {
  readonly name: string;
  readonly payload: object;
}

const mergeRequestIn = (variables: Variables): Event | undefined => {
  const base = variables['CI_MERGE_REQUEST_DIFF_BASE_SHA'];
  const head = variables['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || variables['CI_COMMIT_SHA'];
  if (!variables['CI_MERGE_REQUEST_IID'] || !base || !head) return undefined;
  const repository = (name: string | undefined): object => ({ full_name: name ?? '' });
  const payload = {
    pull_request: {
      base: { sha: base, repo: repository(variables['CI_MERGE_REQUEST_PROJECT_PATH']) },
      head: { sha: head, repo: repository(variables['CI_MERGE_REQUEST_SOURCE_PROJECT_PATH']) },
    },
  };
  return { name: 'pull_request', payload };
};

/** What the pipeline is about, in the terms of GitHub's events: a merge request, a push, or nothing of the kind. */
const eventIn = (variables: Variables): Event => {
  const push = { before: variables['CI_COMMIT_BEFORE_SHA'], after: variables['CI_COMMIT_SHA'] };
  const event =
    variables['CI_PIPELINE_SOURCE'] === 'push' ? { name: 'push', payload: push } : { name: '', payload: {} };
  return mergeRequestIn(variables) ?? event;
};

/** Where GitLab's documentation and our components put the token of `id_tokens`. */
const tokenVariable = 'GITLAB_OIDC_TOKEN';

const tokenIn = (variables: Variables): TokenSource | undefined =>
  variables[tokenVariable] ? new VariableTokenSource(tokenVariable, variables, 'id_tokens') : undefined;

const textFor = (entry: Exclude<Entry, { kind: 'endgroup' }>): string => {
  if (entry.kind === 'annotation') return plainText(annotationText(entry.annotation));
  return entry.kind === 'debug' ? `debug: ${plainText(entry.text)}` : plainText(entry.text);
};

/** A job of GitLab: collapsible sections in the log; outputs and reports leave it as artifacts. */
export class GitLabHost implements CiHost {
  readonly name = 'gitlab';
  readonly workspace: string;
  /** Beside the checkout, on the volume that `after_script` sees too. */
  readonly temp: string | undefined;
  readonly github: Readonly<Record<string, string>>;
  readonly event: object;
  readonly token: TokenSource | undefined;
  readonly tokenAdvice = "write 'id_tokens: { GITLAB_OIDC_TOKEN: { aud: sts.amazonaws.com } }' into the job";
  readonly #surroundings: Surroundings;
  readonly #open: string[] = [];
  #sections = 0;

  constructor(surroundings: Surroundings) {
    const { variables, directory } = surroundings;
    const { name, payload } = eventIn(variables);
    this.workspace = variables['CI_PROJECT_DIR'] || directory;
    this.temp = undefined;
    this.github = contextIn(variables, name);
    this.event = payload;
    this.token = tokenIn(variables);
    this.#surroundings = surroundings;
  }

  show(entry: Entry): void {
    if (entry.kind === 'group') this.#openSection(plainText(entry.text));
    else if (entry.kind === 'endgroup') this.#closeSection();
    else this.#line(textFor(entry));
  }

  /** GitLab learns no masks while a job runs: what leaves the runner is masked already. */
  hide(): void {}

  /** Outputs leave a job in files alone: see the runner's option `--outputs`. */
  setOutput(_output: Output): void {}

  async publishSummary(markdown: string): Promise<void> {
    this.#openSection('Summary');
    this.#line(plainText(markdown));
    this.#closeSection();
  }

  async comment(markdown: string, token: string): Promise<string | undefined> {
    const { variables } = this.#surroundings;
    const { CI_API_V4_URL: api, CI_MERGE_REQUEST_PROJECT_ID: project, CI_MERGE_REQUEST_IID: mergeRequest } = variables;
    if (!api || !project || !mergeRequest) return undefined;
    const network = createNetwork({ variables });
    try {
      const subject = `delivery ${variables['CI_JOB_NAME'] ?? ''}`;
      const outcome = await keepNote({ network, token, api, project, mergeRequest }, subject, markdown);
      return outcome.kind === 'unwritten' ? outcome.warning : `the merge request's note is ${outcome.kind}`;
    } finally {
      network.close();
    }
  }

  close(): void {
    while (this.#open.length > 0) this.#closeSection();
  }

  #openSection(title: string): void {
    this.#sections += 1;
    const name = `delivery_${this.#sections}`;
    this.#open.push(name);
    this.#line(`${this.#mark('start', name)}${title}`);
  }

  #closeSection(): void {
    const name = this.#open.pop();
    if (name !== undefined) this.#line(this.#mark('end', name));
  }

  /** See GitLab's documentation, "custom collapsible sections". */
  #mark(edge: 'start' | 'end', name: string): string {
    return `\u001b[0Ksection_${edge}:${Math.floor(this.#surroundings.now() / 1000)}:${name}\r\u001b[0K`;
  }

  #line(text: string): void {
    this.#surroundings.print(`${text}\n`);
  }
}
