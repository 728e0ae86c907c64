import type { ActionFile } from './action-file.js';
import { type Contexts, fillExpressions } from './expression.js';

/** The environment variable that carries an input: upper case, spaces as underscores, hyphens kept. */
export const inputVariable = (name: string): string => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;

/** An action's inputs as the environment says them, and those it does not declare. */
export interface InputVariables {
  readonly variables: Readonly<Record<string, string>>;
  readonly unexpected: readonly string[];
}

/**
 * Every declared input, from what is given or its default, and whatever else is given. Names match in any case; an
 * input without either is the empty string, as on GitHub.
 */
export const inputVariables = (
  action: ActionFile,
  given: Readonly<Record<string, string>>,
  contexts: Contexts,
): InputVariables => {
  const variables: Record<string, string> = {};
  for (const [name, value] of action.defaults) {
    variables[inputVariable(name)] = fillExpressions(value ?? '', contexts);
  }
  const unexpected = Object.keys(given).filter((name) => !(inputVariable(name) in variables));
  for (const [name, value] of Object.entries(given)) variables[inputVariable(name)] = value;
  return { variables, unexpected };
};
