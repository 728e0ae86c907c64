import type { ActionFile } from './action-file.js';
import { type Contexts, fillExpressions } from './expression.js';

/** The environment variable that carries an input: upper case, spaces as underscores, hyphens kept. */
export const getInputVariable = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

export interface InputEnv {
  readonly env: Readonly<Record<string, string>>;
  /** Names of inputs that the action does not declare. */
  readonly unexpected: readonly string[];
}

/**
 * The variables of all declared and all provided inputs. Names match in any case; a declared input without value and
 * default is the empty string, as on GitHub.
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
