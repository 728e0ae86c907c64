import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const caller = { Region: '*', Account: '123456789012', Partition: 'aws' };

/** What a definition generated, for a caller in the demo's account. */
const generatedPolicy = (root: string, action: string): string => {
  const text = readFileSync(join(root, 'actions', action, 'iam-policy.json'), 'utf8');
  return Object.entries(caller).reduce((json, [name, value]) => json.replaceAll(`\${${name}}`, value), text);
};

/** The demo's scenario with the actions' own policies as the permissions of its role: least privilege, nothing else. */
export const accountScenario = (root: string): string => {
  const scenario = parseDocument(readFileSync(join(root, 'examples', 'delivery', 'local-aws.yml'), 'utf8'));
  const actions = readdirSync(join(root, 'actions'));
  for (const action of actions.filter((name) => existsSync(join(root, 'actions', name, 'iam-policy.json')))) {
    scenario.setIn(['iam', 'roles', 'deliver', 'policies', action], generatedPolicy(root, action));
  }
  return scenario.toString();
};
