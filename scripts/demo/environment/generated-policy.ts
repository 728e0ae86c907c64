import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PolicyOptions {
  /** The checkout. */
  readonly root: string;
  readonly account: string;
}

/** The generated policy of an action (JSON) for an account in the partition aws and any Region. */
export const readGeneratedPolicy = (action: string, { root, account }: PolicyOptions): string => {
  const text = readFileSync(join(root, 'actions', action, 'iam-policy.json'), 'utf8');
  const caller = { Region: '*', Account: account, Partition: 'aws' };
  return Object.entries(caller).reduce((json, [name, value]) => json.replaceAll(`\${${name}}`, value), text);
};
