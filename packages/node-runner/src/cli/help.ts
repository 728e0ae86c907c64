import type { NamedAction } from './action-inputs.js';
import { getActionInputVariable } from './action-inputs.js';
import { formatUsage, isOption, RUNNER_OPTIONS } from './options.js';

const LINE_WIDTH = 100;

/** Wraps words at LINE_WIDTH and indents every line. */
const wrapLines = (content: string, indent: number): string => {
  const lines: string[] = [];
  for (const word of content.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= LINE_WIDTH - indent)
      lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`).join('\n');
};

const formatEntry = (name: string, description: string): string => `  ${name}\n${wrapLines(description, 6)}`;

export const renderRunnerHelp = (actions: readonly NamedAction[]): string =>
  [
    'usage: node runner.js [options] <action> [--input value]… [-- <action> [--input value]…]…',
    wrapLines(
      'Runs the actions one after another as steps of one job: credentials of one action are available to the next, ' +
        'and post steps run in reverse order at the end, also after a failure and after SIGINT or SIGTERM.',
      0,
    ),
    `actions:\n${actions.map(({ name, file }) => formatEntry(name, file.description)).join('\n')}`,
    `options:\n${Object.entries(RUNNER_OPTIONS)
      .map(([name, { help }]) => formatEntry(isOption(name) ? formatUsage(name) : name, help))
      .join('\n')}`,
    'Exit codes: 0 success, 1 failure, 2 invalid command line, 130 and 143 after SIGINT and SIGTERM.',
  ].join('\n\n');

export const renderActionHelp = ({ name, file }: NamedAction): string => {
  const [firstInput = ''] = file.inputDescriptions.keys();
  const inputs = [...file.inputDescriptions].map(([input, description]) => formatEntry(`--${input}`, description));
  const outputs = [...file.outputDescriptions].map(([output, description]) => formatEntry(output, description));
  return [
    `usage: node runner.js [options] ${name} [--input value]…`,
    file.description,
    wrapLines(
      `Set an input with --${firstInput} value, --${firstInput}=value, or the environment variable ${getActionInputVariable(name, firstInput)}. ` +
        'Repeated inputs become lines. The value of a boolean can be omitted: --name means true.',
      0,
    ),
    `inputs:\n${inputs.join('\n')}`,
    `outputs:\n${outputs.join('\n')}`,
  ].join('\n\n');
};
