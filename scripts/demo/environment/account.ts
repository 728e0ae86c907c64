import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isScalar, parseDocument, visit } from 'yaml';
import { readGeneratedPolicy } from './generated-policy.js';

const account = '123456789012';

const DURATION_KEYS = ['duration', 'after', 'takes'];

/** Sets the speed of the account's clock and scales the durations of the scenario, which keep their real time. */
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
  /** URL of the shop's function. */
  readonly endpoint?: string;
  /** Seconds of the account's clock per real second; default 1. */
  readonly scale?: number;
}

/** The scenario of the demo (YAML) with the generated policies of all actions attached to its roles. */
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
