/**
 * The operators of rules of multi-variant flags and how many operands they take (AppConfig user guide, "Understanding
 * multi-variant feature flag rules").
 */
const OPERATORS: ReadonlyMap<string, { readonly least: number; readonly most: number }> = new Map([
  ['and', { least: 1, most: Infinity }],
  ['or', { least: 1, most: Infinity }],
  ['not', { least: 1, most: 1 }],
  ['eq', { least: 2, most: 2 }],
  ['gt', { least: 2, most: 2 }],
  ['gte', { least: 2, most: 2 }],
  ['lt', { least: 2, most: 2 }],
  ['lte', { least: 2, most: 2 }],
  ['begins_with', { least: 2, most: 2 }],
  ['ends_with', { least: 2, most: 2 }],
  ['contains', { least: 2, most: 2 }],
  ['in', { least: 2, most: 2 }],
  ['matches', { least: 2, most: 2 }],
  ['exists', { least: 1, most: 1 }],
  ['split', { least: 1, most: 3 }],
]);

const TOKEN = /\s*(?:(\()|(\))|(\[)|(\])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([^\s()[\]"']+(?:"[^"]*")?))/y;

interface Open {
  readonly close: ')' | ']';
  readonly operator: string | undefined;
  operands: number;
}

const tokensOf = (rule: string): readonly string[] | undefined => {
  const pattern = new RegExp(TOKEN);
  const tokens: string[] = [];
  while (rule.slice(pattern.lastIndex).trim() !== '') {
    const [token] = pattern.exec(rule) ?? [];
    if (token === undefined) return undefined;
    tokens.push(token.trim());
  }
  return tokens;
};

const wrongCount = ({ operator, operands }: Open): string | undefined => {
  const known = operator === undefined ? undefined : OPERATORS.get(operator);
  if (known === undefined || (operands >= known.least && operands <= known.most)) return undefined;
  const wanted = known.least === known.most ? `${known.least}` : `at least ${known.least}`;
  return `'${operator}' takes ${wanted} operands and has ${operands}`;
};

/** Reads tokens one by one, and keeps the first thing that is wrong. */
class RuleReader {
  private readonly open: Open[] = [];
  private isFinished = false;
  private wantsOperator = false;
  wrong: string | undefined;

  read(token: string): void {
    if (this.wrong !== undefined) return;
    if (this.isFinished) this.wrong = `'${token}' follows the end of the rule`;
    else if (this.wantsOperator) this.begin(token);
    else if (token === '(') this.wantsOperator = true;
    else if (token === ')' || token === ']') this.close(token);
    else this.operand(token);
  }

  end(): string | undefined {
    if (this.wrong !== undefined) return this.wrong;
    if (this.open.length > 0 || this.wantsOperator) return 'a parenthesis is never closed';
    return this.isFinished ? undefined : 'it is empty';
  }

  private begin(operator: string): void {
    this.wantsOperator = false;
    if (!OPERATORS.has(operator))
      this.wrong = `'${operator}' is no operator: one of ${[...OPERATORS.keys()].join(', ')}`;
    else this.open.push({ close: ')', operator, operands: 0 });
  }

  private operand(token: string): void {
    if (token === '[') this.open.push({ close: ']', operator: undefined, operands: 0 });
    else this.count(token);
  }

  private count(token: string): void {
    const last = this.open.at(-1);
    if (last === undefined) this.wrong = `it begins with '${token}' in place of a parenthesis`;
    else last.operands += 1;
  }

  private close(token: ')' | ']'): void {
    const last = this.open.pop();
    if (last?.close !== token) this.wrong = `'${token}' closes nothing`;
    else this.wrong = wrongCount(last);
    const outer = this.open.at(-1);
    if (outer === undefined) this.isFinished = true;
    else outer.operands += 1;
  }
}

/** What is wrong with a rule such as `(and (eq $country "NL") (split pct::10 by::$userId))`; undefined where nothing is. */
export const ruleFault = (rule: string): string | undefined => {
  const tokens = tokensOf(rule);
  if (tokens === undefined) return 'a quote is never closed';
  const reader = new RuleReader();
  for (const token of tokens) reader.read(token);
  return reader.end();
};
