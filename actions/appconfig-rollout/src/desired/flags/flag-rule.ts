import { pluralize } from '@aws-delivery/action-kit/util/format';

/**
 * Operators of multi-variant flag rules and their numbers of operands (AppConfig user guide, "Understanding
 * multi-variant feature flag rules").
 */
const OPERATORS: ReadonlyMap<string, { readonly min: number; readonly max: number }> = new Map([
  ['and', { min: 1, max: Infinity }],
  ['or', { min: 1, max: Infinity }],
  ['not', { min: 1, max: 1 }],
  ['eq', { min: 2, max: 2 }],
  ['gt', { min: 2, max: 2 }],
  ['gte', { min: 2, max: 2 }],
  ['lt', { min: 2, max: 2 }],
  ['lte', { min: 2, max: 2 }],
  ['begins_with', { min: 2, max: 2 }],
  ['ends_with', { min: 2, max: 2 }],
  ['contains', { min: 2, max: 2 }],
  ['in', { min: 2, max: 2 }],
  ['matches', { min: 2, max: 2 }],
  ['exists', { min: 1, max: 1 }],
  ['split', { min: 1, max: 3 }],
]);

const TOKEN = /\s*(?:(\()|(\))|(\[)|(\])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([^\s()[\]"']+(?:"[^"]*")?))/y;

interface OpenGroup {
  readonly close: ')' | ']';
  readonly operator: string | undefined;
  operands: number;
}

const parseTokens = (rule: string): readonly string[] | undefined => {
  const pattern = new RegExp(TOKEN);
  const tokens: string[] = [];
  while (rule.slice(pattern.lastIndex).trim() !== '') {
    const [token] = pattern.exec(rule) ?? [];
    if (token === undefined) return undefined;
    tokens.push(token.trim());
  }
  return tokens;
};

const formatOperandCount = ({ min, max }: { readonly min: number; readonly max: number }): string => {
  if (min === max) return pluralize(min, 'operand');
  return max === Infinity ? `at least ${pluralize(min, 'operand')}` : `${min} to ${max} operands`;
};

const checkOperandCount = ({ operator, operands }: OpenGroup): string | undefined => {
  const known = operator === undefined ? undefined : OPERATORS.get(operator);
  if (known === undefined || (operands >= known.min && operands <= known.max)) return undefined;
  return `'${operator}' expects ${formatOperandCount(known)}, got ${operands}`;
};

/** Parses tokens one by one and keeps the first error. */
class RuleParser {
  private readonly open: OpenGroup[] = [];
  private isFinished = false;
  private expectsOperator = false;
  error: string | undefined;

  read(token: string): void {
    if (this.error !== undefined) return;
    if (this.isFinished) this.error = `unexpected '${token}' after the end of the rule`;
    else if (this.expectsOperator) this.openOperator(token);
    else if (token === '(') this.expectsOperator = true;
    else if (token === ')' || token === ']') this.close(token);
    else this.readOperand(token);
  }

  finish(): string | undefined {
    if (this.error !== undefined) return this.error;
    if (this.open.length > 0 || this.expectsOperator) return 'unclosed parenthesis';
    return this.isFinished ? undefined : 'the rule is empty';
  }

  private openOperator(operator: string): void {
    this.expectsOperator = false;
    if (!OPERATORS.has(operator))
      this.error = `unknown operator '${operator}': expected one of ${[...OPERATORS.keys()].join(', ')}`;
    else this.open.push({ close: ')', operator, operands: 0 });
  }

  private readOperand(token: string): void {
    if (token === '[') this.open.push({ close: ']', operator: undefined, operands: 0 });
    else this.countOperand(token);
  }

  private countOperand(token: string): void {
    const last = this.open.at(-1);
    if (last === undefined) this.error = `expected '(', got '${token}'`;
    else last.operands += 1;
  }

  private close(token: ')' | ']'): void {
    const last = this.open.pop();
    if (last?.close !== token) this.error = `unexpected '${token}'`;
    else this.error = checkOperandCount(last);
    const outer = this.open.at(-1);
    if (outer === undefined) this.isFinished = true;
    else outer.operands += 1;
  }
}

/** Returns the error in a rule such as `(and (eq $country "NL") (split pct::10 by::$userId))`; undefined if valid. */
export const validateRule = (rule: string): string | undefined => {
  const tokens = parseTokens(rule);
  if (tokens === undefined) return 'unclosed quote';
  const reader = new RuleParser();
  for (const token of tokens) reader.read(token);
  return reader.finish();
};
