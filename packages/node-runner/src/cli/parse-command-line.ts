import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { createUsageError, type RunnerError } from '../runner-error.js';
import { isOption, isSwitch, type OptionName, RUNNER_OPTIONS } from './options.js';

/** An action to run with the arguments after its name. */
export interface ActionUse {
  readonly action: string;
  readonly args: readonly string[];
}

/** A parsed command line; values of repeated options are in order. */
export interface Invocation {
  readonly options: Readonly<Partial<Record<OptionName, readonly string[]>>>;
  readonly uses: readonly ActionUse[];
}

/** Splits `--name=value`; without an equals sign the value is undefined. */
export const splitFlag = (flag: string): { readonly name: string; readonly value: string | undefined } => {
  const at = flag.indexOf('=');
  return at < 0 ? { name: flag.slice(2), value: undefined } : { name: flag.slice(2, at), value: flag.slice(at + 1) };
};

const createUnknownOptionError = (name: string): RunnerError => {
  const suggestion = suggestClosest(name, Object.keys(RUNNER_OPTIONS));
  const hint =
    suggestion === undefined
      ? 'see --help; inputs follow the name of the action'
      : `did you mean '--${suggestion.name}'?`;
  return createUsageError(`unknown option '--${name}': ${hint}`);
};

const parseOptionValue = (name: OptionName, value: string | undefined, next: string | undefined): string => {
  if (isSwitch(name)) {
    if (value === undefined) return 'true';
    throw createUsageError(`option '--${name}' takes no value: remove '${value}'`);
  }
  const rawValue = value ?? (next?.startsWith('--') ? undefined : next);
  if (rawValue !== undefined && rawValue !== '') return rawValue;
  const hint = `add it, or write --${name}=… if the value starts with two hyphens`;
  throw createUsageError(`option '--${name}' requires a value: ${hint}`);
};

const parseUses = (args: readonly string[]): readonly ActionUse[] => {
  const uses: { action: string; args: string[] }[] = [];
  for (let remaining = args; remaining.length > 0; ) {
    const end = remaining.indexOf('--');
    const [action = '', ...flags] = end < 0 ? remaining : remaining.slice(0, end);
    if (action === '') throw createUsageError("expected the name of an action before and after '--'");
    uses.push({ action, args: flags });
    remaining = end < 0 ? [] : remaining.slice(end + 1);
    if (end >= 0 && remaining.length === 0)
      throw createUsageError("expected the name of an action after the last '--'");
  }
  return uses;
};

const isFlag = (argument: string): boolean => argument.startsWith('-') && argument !== '--';

/**
 * Parses `[options] <action> [--input value]… [-- <action> …]`.
 * @throws RunnerError `usage`
 */
export const parseCommandLine = (argv: readonly string[]): Invocation => {
  const parsed: Partial<Record<OptionName, readonly string[]>> = {};
  let index = 0;
  for (let flag = argv[index]; flag !== undefined && isFlag(flag); flag = argv[index]) {
    const { name, value } = flag === '-h' ? { name: 'help', value: undefined } : splitFlag(flag);
    if (!flag.startsWith('--') && flag !== '-h') throw createUsageError(`unknown option '${flag}': see --help`);
    if (!isOption(name)) throw createUnknownOptionError(name);
    parsed[name] = [...(parsed[name] ?? []), parseOptionValue(name, value, argv[index + 1])];
    index += isSwitch(name) || value !== undefined ? 1 : 2;
  }
  return { options: parsed, uses: parseUses(argv.slice(index)) };
};
