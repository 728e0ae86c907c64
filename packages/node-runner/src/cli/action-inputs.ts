import { nearest } from '@aws-delivery/action-kit/nearest';
import type { ActionFile } from '../action-file.js';
import { RunnerError } from '../runner-error.js';
import { splitFlag } from './command-line.js';
import { isOption } from './option.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** An action by the name of its folder, and what its action.yml says. */
export interface NamedAction {
  readonly name: string;
  readonly file: ActionFile;
}

const usage = (message: string): RunnerError => new RunnerError('usage', message);

const otherName = /^Another name for (\S+)\.$/;

/** Whether an input is true or false: the generated action.yml says so at the end of its description. */
export const isBoolean = (file: ActionFile, input: string): boolean => {
  const description = file.inputs.get(input) ?? '';
  const [, own] = otherName.exec(description) ?? [];
  return own === undefined ? /\(true or false(?:; [^()]*)?\)$/.test(description) : isBoolean(file, own);
};

const unknownInput = (written: string, input: string, { name, file }: NamedAction): RunnerError => {
  const near = nearest(input, [...file.inputs.keys()]);
  if (near !== undefined) return usage(`unknown input '${written}' for ${name}: did you mean '${near.name}'?`);
  const remedy = isOption(input)
    ? `options of the runner stand before the name of the action: runner.js --${input} … ${name} …`
    : `see 'runner.js ${name} --help'`;
  return usage(`unknown input '${written}' for ${name}: ${remedy}`);
};

interface Flag {
  readonly name: string;
  readonly value: string;
  /** How many arguments it took. */
  readonly length: 1 | 2;
}

const readFlag = (flag: string, next: string | undefined, action: NamedAction): Flag => {
  if (!flag.startsWith('--')) {
    throw usage(`'${flag}' is no input of ${action.name}: write inputs as --name value`);
  }
  const { name, value } = splitFlag(flag);
  if (!action.file.inputs.has(name)) throw unknownInput(`--${name}`, name, action);
  if (value !== undefined) return { name, value, length: 1 };
  if (next !== undefined && !next.startsWith('--')) return { name, value: next, length: 2 };
  if (isBoolean(action.file, name)) return { name, value: 'true', length: 1 };
  throw usage(`input '--${name}' needs a value: add it, or write --${name}=… where it begins with two hyphens`);
};

/** The inputs among an action's arguments; what is given several times becomes lines. */
const flagInputs = (args: readonly string[], action: NamedAction): Record<string, string> => {
  const inputs: Record<string, string> = {};
  for (let at = 0; at < args.length; ) {
    const flag = readFlag(args[at] ?? '', args[at + 1], action);
    const before = inputs[flag.name];
    inputs[flag.name] = before === undefined ? flag.value : `${before}\n${flag.value}`;
    at += flag.length;
  }
  return inputs;
};

const variableName = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/** The variable that gives an action an input: `CLOUDFORMATION_DEPLOY_ROLE_ARN`. */
export const inputVariableOf = (action: string, input: string): string => variableName(`${action}_${input}`);

const variableInputs = (action: NamedAction, variables: Variables): Record<string, string> => {
  const prefix = `${variableName(action.name)}_`;
  // The first of two names that make the same variable: its own comes before a peer's.
  const names = [...action.file.inputs.keys()].toReversed();
  const byVariable = new Map(names.map((input) => [inputVariableOf(action.name, input), input]));
  const inputs: Record<string, string> = {};
  for (const [variable, value] of Object.entries(variables)) {
    if (!variable.startsWith(prefix) || value === undefined) continue;
    const input = byVariable.get(variable);
    const meant = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
    if (input === undefined) throw unknownInput(variable, meant, action);
    inputs[input] = value;
  }
  return inputs;
};

/**
 * The inputs of one action: from variables such as `HEALTH_GATE_SERVICES`, and over them from its arguments.
 * @throws RunnerError `usage` for an input the action does not have, with the nearest it has
 */
export const actionInputs = (
  action: NamedAction,
  args: readonly string[],
  variables: Variables,
): Readonly<Record<string, string>> => ({ ...variableInputs(action, variables), ...flagInputs(args, action) });
