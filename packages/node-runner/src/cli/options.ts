/** An option of the runner; without `value` it is a switch. */
interface Option {
  readonly value?: string;
  readonly help: string;
}

/** The options of the runner, which precede the name of the action. */
export const RUNNER_OPTIONS = {
  actions: { value: 'folder', help: 'where the actions lie; beside the runner unless given' },
  outputs: {
    value: 'file',
    help: 'write the outputs there as well: JSON into *.json, else NAME=value lines (one-line values only); repeatable',
  },
  'outputs-prefix': { value: 'text', help: 'put before every name in NAME=value lines' },
  summary: { value: 'file', help: 'write the summary there (Markdown) instead of into the log' },
  note: {
    value: 'variable',
    help: 'GitLab: keep a note with the summary on the merge request, by the token that this variable holds, if it does',
  },
  'code-quality': { value: 'file', help: "write codeguru-review's findings there as a Code Quality report of GitLab" },
  sast: { value: 'file', help: 'the same as a SAST report of GitLab' },
  host: { value: 'name', help: 'github, azure-devops, gitlab or shell, instead of the one that the variables tell' },
  env: {
    value: 'name',
    help: 'let this variable of yours through to the actions (a * at its end: all of them); repeatable',
  },
  'token-variable': { value: 'name', help: 'the variable that holds the OIDC token of this host' },
  'token-file': { value: 'path', help: 'the file that holds it, read again for every request' },
  'service-connection': { value: 'id', help: 'Azure DevOps: ask for the token of this service connection' },
  state: { value: 'folder', help: 'keep there what the posts need, until they have run' },
  post: { help: 'run the posts of the job in --state, whose runner was killed; nothing to do where there is none' },
  help: { help: 'this text; after the name of an action, its inputs and outputs' },
  version: { help: 'the version of the runner' },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof RUNNER_OPTIONS;

export const isOption = (name: string): name is OptionName => Object.hasOwn(RUNNER_OPTIONS, name);

export const isSwitch = (name: OptionName): boolean => !('value' in RUNNER_OPTIONS[name]);

/** Usage of an option: `--outputs <file>`. */
export const formatUsage = (name: OptionName): string => {
  const option: Option = RUNNER_OPTIONS[name];
  return option.value === undefined ? `--${name}` : `--${name} <${option.value}>`;
};
