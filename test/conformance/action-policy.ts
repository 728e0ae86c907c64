import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT, REGION } from './account.js';
import { buildPolicy, type Policy } from './principals.js';
import { type ActionName, getActionPath } from './workspace.js';

interface Statement {
  readonly Action: readonly string[];
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'Action' in value && Array.isArray(value.Action);

const parseStatements = (content: string): readonly Statement[] => {
  const document: unknown = JSON.parse(content);
  const statements: unknown =
    typeof document === 'object' && document !== null && 'Statement' in document ? document.Statement : undefined;
  if (!Array.isArray(statements) || !statements.every(isStatement)) throw new Error('iam-policy.json has another form');
  return statements;
};

/**
 * An action's generated `iam-policy.json` for this account and Region, optionally without one permission. (The harness
 * of test/least-privilege builds the same policy from the definition.)
 */
export const readPolicy = (action: ActionName, without?: string): Policy => {
  const content = readFileSync(join(getActionPath(action), 'iam-policy.json'), 'utf8')
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${Region}', REGION)
    .replaceAll('${Account}', ACCOUNT);
  const all = parseStatements(content);
  if (without !== undefined && !all.some(({ Action }) => Action.includes(without))) {
    throw new Error(`${action} is not granted ${without} in the first place`);
  }
  const left = all.map((statement) => ({ ...statement, Action: statement.Action.filter((name) => name !== without) }));
  return buildPolicy(...left.filter(({ Action }) => Action.length > 0));
};
