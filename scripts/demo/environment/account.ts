import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isScalar, parseDocument, visit } from 'yaml';
import { readGeneratedPolicy } from './generated-policy.js';

const account = '123456789012';

const DURATION_KEYS = ['duration', 'after', 'takes'];

/** Runs the account's clock `scale` times as fast as the machine's; what the scenario itself times takes as long as before. */
const applyClockScale = (scenario: Document, scale: number): void => {
  scenario.setIn(['clock', 'scale'], scale);
  visit(scenario, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !DURATION_KEYS.includes(String(key.value)) || !isScalar(value)) return;
      value.value = Number.parseFloat(String(value.value)) * scale;
    },
  });
};

export interface AccountOptions {
  /** Where the shop's function answers. */
  readonly endpoint?: string;
  /** How many seconds of the account pass in one of the machine. */
  readonly scale?: number;
}

/** The demo's scenario with the actions' own policies as the permissions of its roles: least privilege, nothing else. */
export const buildAccountScenario = (root: string, { endpoint, scale = 1 }: AccountOptions = {}): string => {
  const scenario = parseDocument(readFileSync(join(root, 'examples', 'delivery', 'local-aws.yml'), 'utf8'));
  const roles = scenario.getIn(['iam', 'roles']);
  const names = isMap(roles) ? roles.items.map(({ key }) => String(key)) : [];
  const actions = readdirSync(join(root, 'actions'));
  for (const action of actions.filter((name) => existsSync(join(root, 'actions', name, 'iam-policy.json')))) {
    for (const role of names)
      scenario.setIn(['iam', 'roles', role, 'policies', action], readGeneratedPolicy(action, { root, account }));
  }
  if (scale !== 1) applyClockScale(scenario, scale);
  if (endpoint !== undefined) {
    scenario.setIn(['cloudformation', 'types', 'AWS::Lambda::Url'], { attributes: { FunctionUrl: endpoint } });
  }
  return scenario.toString();
};
