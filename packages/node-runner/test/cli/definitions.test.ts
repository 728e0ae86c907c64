import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { definition as appconfigRollout } from '../../../../actions/appconfig-rollout/action.js';
import { definition as cloudformationDeploy } from '../../../../actions/cloudformation-deploy/action.js';
import { definition as codeguruReview } from '../../../../actions/codeguru-review/action.js';
import { definition as ecrPush } from '../../../../actions/ecr-push/action.js';
import { definition as healthGate } from '../../../../actions/health-gate/action.js';
import { definition as oidcCredentials } from '../../../../actions/oidc-credentials/action.js';
import { root } from '../../../../scripts/command.mjs';
import { readActionFile } from '../../src/action/action-file.js';
import { getActionInputVariable, isBoolean } from '../../src/cli/action-inputs.js';

const definitions = [appconfigRollout, cloudformationDeploy, codeguruReview, ecrPush, healthGate, oidcCredentials];

describe.each(definitions)('the action.yml of $name', ({ name, inputs }) => {
  const file = readActionFile(join(root, 'actions', name));

  it('marks the boolean inputs and their aliases', () => {
    const booleans = Object.entries(inputs).flatMap(([input, { kind, aliases }]) =>
      kind === 'boolean' ? [input, ...Object.keys(aliases ?? {})] : [],
    );
    const names = [...file.inputDescriptions.keys()];
    expect(names.filter((input) => isBoolean(file, input)).sort()).toEqual(booleans.sort());
  });

  it('maps no two inputs to the same variable', () => {
    const variablesByInput = Object.entries(inputs).map(([input, { aliases }]) =>
      [input, ...Object.keys(aliases ?? {})].map((inputName) => getActionInputVariable(name, inputName)),
    );
    const variables = variablesByInput.flatMap((names) => [...new Set(names)]);
    expect(new Set(variables).size).toBe(variables.length);
  });
});
