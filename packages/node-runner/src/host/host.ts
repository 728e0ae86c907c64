import type { Env } from '@aws-delivery/action-kit/util/env';
import type { LogEntry } from '../commands/command-processor.js';
import type { Masks } from '../commands/masks.js';
import type { TokenSource } from '../token/token-source.js';

/** An output of an action on its way to later jobs. */
export interface Output {
  readonly name: string;
  readonly value: string;
  /** Whether a masked value is part of it. */
  readonly secret: boolean;
}

/** Outputs from values by name. */
export const toOutputs = (values: Readonly<Record<string, string>>, masks: Masks): readonly Output[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, secret: masks.containsSecret(value) }));

/** What a host has at hand to speak with. */
export interface HostEnvironment {
  readonly env: Env;
  /** The folder the runner was started in. */
  readonly directory: string;
  /** Prints text as it is. */
  readonly print: (text: string) => void;
  /** Whether a person watches: colours and progress are for them only. */
  readonly terminal: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A CI, or a shell: where an action's words go, and what is known of the run. */
export interface CiHost {
  readonly name: string;
  /** The folder the actions work in. */
  readonly workspace: string;
  /** A private folder for temporary files; the system's where the host has none. */
  readonly temp: string | undefined;
  /** GitHub's context of the run, as far as the host's variables tell. */
  readonly github: Readonly<Record<string, string>>;
  /** The payload of the event, in GitHub's form. */
  readonly event: object;
  /** The tokens of this host; undefined where it has none. */
  readonly token: TokenSource | undefined;
  /** What it takes that it has some. */
  readonly tokenHint: string;
  /** Shows an entry of the log. */
  show(entry: LogEntry): void;
  /** Makes the host hide a value from now on, where it can. */
  hide(secret: string): void;
  /** Hands an output to later steps or jobs, in the host's own form. */
  setOutput(output: Output): void;
  /** Shows the summary of all actions; Markdown. */
  publishSummary(markdown: string): Promise<void>;
  /**
   * Keeps a comment with the summary where the change is discussed.
   * @param token what it is written with
   * @returns what became of it, in a sentence; undefined where there is nothing to comment on
   */
  comment(markdown: string, token: string): Promise<string | undefined>;
  /** Stops what the host keeps running, such as a line of progress. */
  close(): void;
}

/** The context of a run of which the host says nothing: nothing made up. */
export const EMPTY_CONTEXT = {
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

/** A context in which every value the host does not tell is empty. */
export const createContext = (
  values: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> => {
  const definedEntries = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...EMPTY_CONTEXT, ...Object.fromEntries(definedEntries) };
};

/** `refs/heads/main` and the like, from a branch or a tag. */
export const buildRef = (branch: string | undefined, tag: string | undefined): Readonly<Record<string, string>> => {
  if (tag) return { ref: `refs/tags/${tag}`, ref_name: tag, ref_type: 'tag' };
  return branch ? { ref: `refs/heads/${branch}`, ref_name: branch, ref_type: 'branch' } : {};
};
