import type { Env } from '@aws-delivery/action-kit/util/env';
import type { LogEntry } from '../commands/command-processor.js';
import type { Masks } from '../commands/masks.js';
import type { TokenSource } from '../token/token-source.js';

/** An output of an action, or a variable that it exports. */
export interface Output {
  readonly name: string;
  readonly value: string;
  /** Whether the value contains a masked secret. */
  readonly secret: boolean;
}

/** Outputs from values by name. */
export const toOutputs = (values: Readonly<Record<string, string>>, masks: Masks): readonly Output[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, secret: masks.containsSecret(value) }));

/** The process environment of a host. */
export interface HostEnvironment {
  readonly env: Env;
  /** The working directory of the runner. */
  readonly directory: string;
  /** Prints text unchanged. */
  readonly print: (text: string) => void;
  /** Whether output goes to a terminal, which gets colours and progress. */
  readonly terminal: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A CI system or a shell: output of the actions, and context of the run. */
export interface CiHost {
  readonly name: string;
  /** The working directory of the actions. */
  readonly workspace: string;
  /** The host's temporary directory of the job, if it has one. */
  readonly temp: string | undefined;
  /** The github context of the run, as far as the host's variables provide it. */
  readonly github: Readonly<Record<string, string>>;
  /** The event payload in GitHub's form. */
  readonly event: object;
  /** The source of OIDC tokens, if any. */
  readonly token: TokenSource | undefined;
  /** How to configure the job to get OIDC tokens. */
  readonly tokenHint: string;
  show(entry: LogEntry): void;
  /** Registers a secret with the host, if it supports that. */
  hide(secret: string): void;
  /** Passes an output to later steps or jobs, if the host supports that. */
  setOutput(output: Output): void;
  /** Publishes the Markdown summary of all actions. */
  publishSummary(markdown: string): Promise<void>;
  /**
   * Creates or updates the comment with the summary on the merge request.
   * @param token access token of the API
   * @returns the result as a sentence; undefined if there is nothing to comment on
   */
  comment(markdown: string, token: string): Promise<string | undefined>;
  /** Ends open sections and the progress indicator. */
  close(): void;
}

/** The context of a run whose host provides no values. */
const EMPTY_CONTEXT = {
  actor: '',
  actor_id: '',
  api_url: '',
  base_ref: '',
  event_name: '',
  graphql_url: '',
  head_ref: '',
  job: '',
  ref: '',
  ref_name: '',
  ref_type: '',
  repository: '',
  repository_id: '',
  repository_owner: '',
  repository_owner_id: '',
  run_attempt: '1',
  run_id: '',
  run_number: '',
  server_url: '',
  sha: '',
  triggering_actor: '',
  workflow: '',
  workflow_ref: '',
  workflow_sha: '',
} as const;

/** A context in which missing values are empty. */
export const createContext = (
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> => {
  const definedEntries = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...EMPTY_CONTEXT, ...Object.fromEntries(definedEntries) };
};

const REF_PATTERN = /^refs\/(heads|tags|pull)\/(.+)$/u;

/**
 * `ref`, `ref_name` and `ref_type` from a branch or a tag; a tag takes precedence.
 * @param branch the name of a branch, or a ref: `refs/heads/…`, `refs/tags/…`, `refs/pull/…`
 */
export const buildRef = (branch: string | undefined, tag?: string): Readonly<Record<string, string>> => {
  if (tag) return { ref: `refs/tags/${tag}`, ref_name: tag, ref_type: 'tag' };
  if (!branch) return {};
  const [ref = `refs/heads/${branch}`, kind, name = branch] = REF_PATTERN.exec(branch) ?? [];
  return { ref, ref_name: name, ref_type: kind === 'tags' ? 'tag' : 'branch' };
};
