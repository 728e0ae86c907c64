import type { NamedAction } from './action-inputs.js';
import { inputVariableOf } from './action-inputs.js';
import { isOption, options, usageOf } from './option.js';

const width = 100;

/** Words set in lines that start at a column. */
const paragraph = (text: string, indent: number): string => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width - indent) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`).join('\n');
};

const entry = (name: string, text: string): string => `  ${name}\n${paragraph(text, 6)}`;

/** What the runner says of itself. */
export const runnerHelp = (actions: readonly NamedAction[]): string =>
  [
    'usage: node runner.js [options] <action> [--input value]… [-- <action> [--input value]…]…',
    paragraph(
      'Runs the actions one after the other as steps of one job: credentials of one reach the next, and their posts ' +
        'run in reverse order at the end, also after a failure and after SIGINT or SIGTERM.',
      0,
    ),
    `actions:\n${actions.map(({ name, file }) => entry(name, file.description)).join('\n')}`,
    `options:\n${Object.entries(options)
      .map(([name, { help }]) => entry(isOption(name) ? usageOf(name) : name, help))
      .join('\n')}`,
    'Exit codes: 0 success, 1 failure, 2 a call that cannot be understood, 130 and 143 after SIGINT and SIGTERM.',
  ].join('\n\n');

/** What an action's generated action.yml says. */
export const actionHelp = ({ name, file }: NamedAction): string => {
  const [first = ''] = file.inputs.keys();
  const inputs = [...file.inputs].map(([input, text]) => entry(`--${input}`, text));
  const outputs = [...file.outputs].map(([output, text]) => entry(output, text));
  return [
    `usage: node runner.js [options] ${name} [--input value]…`,
    file.description,
    paragraph(
      `An input is given as --${first} value, as --${first}=value, or in the variable ${inputVariableOf(name, first)}. ` +
        'What is given several times becomes lines; true may be left out.',
      0,
    ),
    `inputs:\n${inputs.join('\n')}`,
    `outputs:\n${outputs.join('\n')}`,
  ].join('\n\n');
};
