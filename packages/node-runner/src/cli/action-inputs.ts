import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import type { Env } from '@aws-delivery/action-kit/util/env';
import type { ActionFile } from '../action/action-file.js';
import { createUsageError, type RunnerError } from '../runner-error.js';
import { isOption } from './options.js';
import { splitFlag } from './parse-command-line.js';

/** An action.yml with the name of its directory. */
export interface NamedAction {
  readonly name: string;
  readonly file: ActionFile;
}

const ALIAS_PATTERN = /^Another name for (\S+)\.$/;

/** Whether an input is a boolean, which the generated action.yml states at the end of its description. */
export const isBoolean = (file: ActionFile, input: string): boolean => {
  const description = file.inputDescriptions.get(input) ?? '';
  const [, canonicalName] = ALIAS_PATTERN.exec(description) ?? [];
  return canonicalName === undefined
    ? /\(true or false(?:; [^()]*)?\)$/.test(description)
    : isBoolean(file, canonicalName);
};

const createUnknownInputError = (raw: string, input: string, { name, file }: NamedAction): RunnerError => {
  const suggestion = suggestClosest(input, [...file.inputDescriptions.keys()]);
  if (suggestion !== undefined)
    return createUsageError(`unknown input '${raw}' for ${name}: did you mean '${suggestion.name}'?`);
  const hint = isOption(input)
    ? `options of the runner precede the name of the action: runner.js --${input} … ${name} …`
    : `see 'runner.js ${name} --help'`;
  return createUsageError(`unknown input '${raw}' for ${name}: ${hint}`);
};

interface InputFlag {
  readonly name: string;
  readonly value: string;
  /** The number of arguments that the flag occupies. */
  readonly argumentCount: 1 | 2;
}

const parseFlag = (flag: string, next: string | undefined, action: NamedAction): InputFlag => {
  if (!flag.startsWith('--')) {
    throw createUsageError(`'${flag}' is not an input of ${action.name}: write inputs as --name value`);
  }
  const { name, value } = splitFlag(flag);
  if (!action.file.inputDescriptions.has(name)) throw createUnknownInputError(`--${name}`, name, action);
  if (value !== undefined) return { name, value, argumentCount: 1 };
  if (next !== undefined && !next.startsWith('--')) return { name, value: next, argumentCount: 2 };
  if (isBoolean(action.file, name)) return { name, value: 'true', argumentCount: 1 };
  throw createUsageError(
    `input '--${name}' requires a value: add it, or write --${name}=… if the value starts with two hyphens`,
  );
};

/** Parses the arguments of an action; repeated inputs are joined with line ends. */
const parseFlagInputs = (args: readonly string[], action: NamedAction): Record<string, string> => {
  const inputs: Record<string, string> = {};
  for (let index = 0; index < args.length; ) {
    const flag = parseFlag(args[index] ?? '', args[index + 1], action);
    const previous = inputs[flag.name];
    inputs[flag.name] = previous === undefined ? flag.value : `${previous}\n${flag.value}`;
    index += flag.argumentCount;
  }
  return inputs;
};

const toVariableName = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

/** The environment variable of an input: `CLOUDFORMATION_DEPLOY_ROLE_ARN`. */
export const getActionInputVariable = (action: string, input: string): string => toVariableName(`${action}_${input}`);

const readEnvInputs = (action: NamedAction, env: Env): Record<string, string> => {
  const prefix = `${toVariableName(action.name)}_`;
  // If two names map to the same variable, the first one wins: an input precedes its aliases.
  const names = [...action.file.inputDescriptions.keys()].toReversed();
  const inputByVariable = new Map(names.map((input) => [getActionInputVariable(action.name, input), input]));
  const inputs: Record<string, string> = {};
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith(prefix) || value === undefined) continue;
    const input = inputByVariable.get(variable);
    const inputName = variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
    if (input === undefined) throw createUnknownInputError(variable, inputName, action);
    inputs[input] = value;
  }
  return inputs;
};

/**
 * The inputs of an action from variables such as `HEALTH_GATE_SERVICES`, overridden by its arguments.
 * @throws RunnerError `usage` for an unknown input, with the closest name
 */
export const parseActionInputs = (
  action: NamedAction,
  args: readonly string[],
  env: Env,
): Readonly<Record<string, string>> => ({ ...readEnvInputs(action, env), ...parseFlagInputs(args, action) });
