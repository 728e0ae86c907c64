import type { ActionFile } from './action-file.js';
import { type Contexts, fillExpressions } from './expression.js';

/** The environment variable that carries an input: upper case, spaces as underscores, hyphens kept. */
export const getInputVariable = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

/** An action's inputs as the environment says them, and those it does not declare. */
export interface InputEnv {
  readonly env: Readonly<Record<string, string>>;
  readonly unexpected: readonly string[];
}

/**
 * Every declared input, from what is given or its default, and whatever else is given. Names match in any case; an
 * input without either is the empty string, as on GitHub.
 */
export const buildInputEnv = (
  action: ActionFile,
  inputs: Readonly<Record<string, string>>,
  contexts: Contexts,
): InputEnv => {
  const env: Record<string, string> = {};
  for (const [name, value] of action.defaults) {
    env[getInputVariable(name)] = fillExpressions(value ?? '', contexts);
  }
  const unexpected = Object.keys(inputs).filter((name) => !(getInputVariable(name) in env));
  for (const [name, value] of Object.entries(inputs)) env[getInputVariable(name)] = value;
  return { env, unexpected };
};
