import { RunnerError } from '../runner-error.js';

/** Values for `${{ context.name }}` by context (`github`, `steps.stack.outputs`) and name. */
export type Contexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The jobs of other hosts have no matrix context; their names tell the jobs of a matrix apart. */
const CONSTANTS: Readonly<Record<string, string>> = { 'toJSON(matrix)': 'null' };

const evaluate = (expression: string, contexts: Contexts): string => {
  const constant = CONSTANTS[expression];
  if (constant !== undefined) return constant;
  const [, context, name] = /^([a-z_][\w.-]*)\.([A-Za-z_][\w-]*)$/.exec(expression) ?? [];
  if (context === undefined || name === undefined) {
    const hint = 'write a context and a name, for example github.token';
    throw new RunnerError('expression-unsupported', `expression '${expression}' is not supported: ${hint}`);
  }
  const values = contexts[context];
  if (values === undefined) {
    const known = Object.keys(contexts).join(', ');
    throw new RunnerError(
      'expression-unsupported',
      `unknown context '${context}' in '${expression}': expected one of ${known}`,
    );
  }
  return values[name] ?? '';
};

/**
 * Replaces the expressions in a text. As on GitHub, a missing name of a known context is the empty string.
 * @throws RunnerError `expression-unsupported`
 */
export const fillExpressions = (template: string, contexts: Contexts): string =>
  template.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => evaluate(expression, contexts));
