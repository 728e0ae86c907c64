import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { root } from '../../scripts/command.mjs';
import { readGeneratedPolicy } from '../../scripts/demo/environment/generated-policy.js';

/** A role of local AWS's scenario. */
export type Role = NonNullable<NonNullable<ScenarioInput['iam']>['roles']>[string];

/** The names of all actions. */
const listActions = (): readonly string[] => readdirSync(join(root, 'actions'));

/** The generated policies of the actions in one account, by action: all a role needs to run them. */
export const readPolicies = (
  account: string,
  actions: readonly string[] = listActions(),
): Readonly<Record<string, Role['trust']>> =>
  Object.fromEntries(actions.map((action) => [action, JSON.parse(readGeneratedPolicy(action, { root, account }))]));
