import { nearest } from '@aws-delivery/action-kit/nearest';
import { RunnerError } from '../runner-error.js';
import { isOption, isSwitch, type OptionName, options } from './option.js';

/** One action to run, and the arguments that stand after its name. */
export interface Use {
  readonly action: string;
  readonly args: readonly string[];
}

/** What an invocation asks for; options that repeat keep their order. */
export interface Invocation {
  readonly options: Readonly<Partial<Record<OptionName, readonly string[]>>>;
  readonly uses: readonly Use[];
}

const usage = (message: string): RunnerError => new RunnerError('usage', message);

/** Splits `--name=value`; the value is undefined without an equals sign. */
export const splitFlag = (flag: string): { readonly name: string; readonly value: string | undefined } => {
  const at = flag.indexOf('=');
  return at < 0 ? { name: flag.slice(2), value: undefined } : { name: flag.slice(2, at), value: flag.slice(at + 1) };
};

const unknownOption = (name: string): RunnerError => {
  const near = nearest(name, Object.keys(options));
  const remedy =
    near === undefined ? 'see --help; inputs stand after the name of the action' : `did you mean '--${near.name}'?`;
  return usage(`unknown option '--${name}': ${remedy}`);
};

const valueFor = (name: OptionName, value: string | undefined, next: string | undefined): string => {
  if (isSwitch(name)) {
    if (value === undefined) return 'true';
    throw usage(`option '--${name}' takes no value: drop '${value}'`);
  }
  const given = value ?? (next?.startsWith('--') ? undefined : next);
  if (given !== undefined && given !== '') return given;
  const remedy = `add it, or write --${name}=… where it begins with two hyphens`;
  throw usage(`option '--${name}' needs a value: ${remedy}`);
};

const usesIn = (args: readonly string[]): readonly Use[] => {
  const uses: { action: string; args: string[] }[] = [];
  for (let rest = args; rest.length > 0; ) {
    const end = rest.indexOf('--');
    const [action = '', ...flags] = end < 0 ? rest : rest.slice(0, end);
    if (action === '') throw usage("an action's name is missing before or after '--'");
    uses.push({ action, args: flags });
    rest = end < 0 ? [] : rest.slice(end + 1);
    if (end >= 0 && rest.length === 0) throw usage("an action's name is missing after the last '--'");
  }
  return uses;
};

/**
 * Reads `[options] <action> [--input value]… [-- <action> …]`.
 * @throws RunnerError `usage`
 */
export const parseCommandLine = (argv: readonly string[]): Invocation => {
  const found: Partial<Record<OptionName, readonly string[]>> = {};
  let at = 0;
  for (let flag = argv[at]; flag?.startsWith('--') && flag !== '--'; flag = argv[at]) {
    const { name, value } = splitFlag(flag);
    if (!isOption(name)) throw unknownOption(name);
    found[name] = [...(found[name] ?? []), valueFor(name, value, argv[at + 1])];
    at += isSwitch(name) || value !== undefined ? 1 : 2;
  }
  return { options: found, uses: usesIn(argv.slice(at)) };
};
