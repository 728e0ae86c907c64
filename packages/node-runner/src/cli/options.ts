/** An option of the runner; without `value` it is a switch. */
interface Option {
  readonly value?: string;
  readonly help: string;
}

/** The options of the runner, which precede the name of the action. */
export const RUNNER_OPTIONS = {
  actions: { value: 'directory', help: 'directory of the actions; default: the one next to the runner' },
  outputs: {
    value: 'file',
    help: 'also write the outputs to this file: JSON for *.json, otherwise NAME=value lines (single-line values only; a warning names the others); repeatable',
  },
  'outputs-prefix': { value: 'text', help: 'prefix of every name in NAME=value lines' },
  summary: { value: 'file', help: 'write the summary to this file (Markdown) instead of the log' },
  note: {
    value: 'variable',
    help: 'GitLab: create or update a note with the summary on the merge request, with the token in this environment variable; no note if it is empty',
  },
  'code-quality': {
    value: 'file',
    help: 'write the findings of codeguru-review to this file as a GitLab Code Quality report',
  },
  sast: { value: 'file', help: 'write the findings of codeguru-review to this file as a GitLab SAST report' },
  host: { value: 'name', help: 'override host detection: github, azure-devops, gitlab or shell' },
  commit: { value: 'sha', help: 'commit of the run, instead of the one from the variables of the host or from git' },
  ref: { value: 'ref', help: 'branch or tag of the run (refs/heads/…, refs/tags/…, or the name of a branch)' },
  env: {
    value: 'name',
    help: 'pass this environment variable to the actions; NAME* passes all variables with the prefix; repeatable',
  },
  'token-variable': { value: 'name', help: 'environment variable with the OIDC token of the host' },
  'token-file': { value: 'path', help: 'file with the OIDC token of the host, read again for every request' },
  'service-connection': { value: 'id', help: 'Azure DevOps: request the token of this service connection' },
  state: { value: 'directory', help: 'directory for the data of the post steps, until they have run' },
  post: {
    help: 'run the post steps of the job in --state after its runner was killed; without such a job, do nothing',
  },
  help: { help: 'show this help; after the name of an action, show its inputs and outputs' },
  version: { help: 'show the version of the runner' },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof RUNNER_OPTIONS;

export const isOption = (name: string): name is OptionName => Object.hasOwn(RUNNER_OPTIONS, name);

export const isSwitch = (name: OptionName): boolean => !('value' in RUNNER_OPTIONS[name]);

/** Usage of an option: `--outputs <file>`. */
export const formatUsage = (name: OptionName): string => {
  const option: Option = RUNNER_OPTIONS[name];
  return option.value === undefined ? `--${name}` : `--${name} <${option.value}>`;
};
