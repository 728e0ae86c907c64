import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Definition, findDeclaration } from '@aws-delivery/action-kit/inputs/definition';
import { RUNNER_VARIABLE, readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getInputVariable } from '@aws-delivery/node-runner/action/input-env';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { definition as appconfigRollout } from '../../actions/appconfig-rollout/action.js';
import { definition as cloudformationDeploy } from '../../actions/cloudformation-deploy/action.js';
import { definition as codeguruReview } from '../../actions/codeguru-review/action.js';
import { definition as ecrPush } from '../../actions/ecr-push/action.js';
import { definition as healthGate } from '../../actions/health-gate/action.js';
import { definition as oidcCredentials } from '../../actions/oidc-credentials/action.js';
import { listFiles } from '../command.mjs';
import { readRepositoryName } from '../release/repository-name.mjs';
import { readMajorTag } from '../release/version.mjs';

const definitions: Readonly<Record<string, Definition>> = {
  'appconfig-rollout': appconfigRollout,
  'cloudformation-deploy': cloudformationDeploy,
  'codeguru-review': codeguruReview,
  'ecr-push': ecrPush,
  'health-gate': healthGate,
  'oidc-credentials': oidcCredentials,
};

/** One use of an action in a snippet. */
interface Use {
  readonly action: string;
  readonly id: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const OWN = new RegExp(`^(?:${readRepositoryName()}|\\.)/actions/([\\w-]+)(?:@${readMajorTag()})?$`, 'u');

/** Every use of our actions in a document; a `with:` without `uses:` belongs to the README's own action. */
const listUses = (value: unknown, own: string): readonly Use[] => {
  if (Array.isArray(value)) return value.flatMap((item) => listUses(item, own));
  if (!isRecord(value)) return [];
  const [, named] = OWN.exec(String(value['uses'] ?? '')) ?? [];
  const action = named ?? (value['uses'] === undefined && own in definitions ? own : undefined);
  const inputs = value['with'];
  const id = typeof value['id'] === 'string' ? value['id'] : undefined;
  const here =
    action === undefined || (named === undefined && !isRecord(inputs))
      ? []
      : [{ action, id, inputs: isRecord(inputs) ? inputs : {} }];
  return [...here, ...Object.values(value).flatMap((item) => listUses(item, own))];
};

/** The error of an action for one input; a value with an expression is not validated. */
const findIssue = (definition: Definition, name: string, value: unknown): string | undefined => {
  const text = String(value);
  const isComputed = text.includes('${{');
  const required = Object.entries(definition.inputs).flatMap(([other, input]) => (input.required ? [other] : []));
  const others = Object.fromEntries(required.map((other) => [getInputVariable(other), 'x']));
  const variables = { ...others, [getInputVariable(name)]: isComputed ? 'x' : text, [RUNNER_VARIABLE]: '1' };
  try {
    readInputs(definition, variables, () => {});
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    if (isComputed && error.code !== 'unknown-input') return undefined;
    return error.message;
  }
  return undefined;
};

const listIssues = ({ action, inputs }: Use): readonly string[] => {
  const definition = definitions[action];
  if (definition === undefined) return [`no action '${action}'`];
  return Object.entries(inputs).flatMap(([name, value]) => findIssue(definition, name, value) ?? []);
};

const OUTPUT = /steps\.([\w-]+)\.outputs\.([\w-]+)/gu;

/** References to undeclared outputs of our actions. */
const findUnknownOutputs = (text: string, uses: readonly Use[]): readonly string[] =>
  [...text.matchAll(OUTPUT)].flatMap(([whole, id, name = '']) => {
    const use = uses.find((one) => one.id === id);
    if (use === undefined) return [];
    return findDeclaration(definitions[use.action]?.outputs, name) === undefined ? [whole] : [];
  });

const SNIPPET = /^(?<indent> *)```ya?ml\n(?<text>.*?)^\k<indent>```/gmsu;

const extractSnippets = (file: string): readonly { readonly line: number; readonly text: string }[] => {
  const whole = readFileSync(file, 'utf8');
  if (!file.endsWith('.md')) return [{ line: 1, text: whole }];
  return [...whole.matchAll(SNIPPET)].map((match) => {
    const { indent = '', text = '' } = match.groups ?? {};
    const dedented = text
      .split('\n')
      .map((line) => line.slice(indent.length))
      .join('\n');
    return { line: whole.slice(0, match.index).split('\n').length, text: dedented };
  });
};

const patterns = ['*.md', 'examples/**/*.yml', '.github/*.yml', '.github/**/*.yml'];
const files = await listFiles(...patterns);

const cases = files.flatMap((file) =>
  extractSnippets(file).map(({ line, text }) => ({ name: `${file}:${line}`, own: basename(dirname(file)), text })),
);

describe('YAML in documents and examples', () => {
  it('is found', () => expect(cases.length).toBeGreaterThan(40));

  it.each(cases)('uses known inputs with valid values and declared outputs: $name', ({ own, text }) => {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    expect(Array.isArray(documents) ? documents.flatMap(({ errors }) => errors.map(String)) : []).toEqual([]);
    const uses = (Array.isArray(documents) ? documents : []).flatMap((document) => listUses(document.toJS(), own));
    expect([...uses.flatMap(listIssues), ...findUnknownOutputs(text, uses)]).toEqual([]);
  });
});

describe('the name of the repository', () => {
  const uses = /uses: *['"]?([\w.-]+\/[\w.-]+)\/(?:actions\/[\w-]+|\.github\/workflows\/[\w-]+\.yml)@v\d/gu;

  it.each(files)('matches package.json in every use of an action: %s', (file) => {
    const names = [...readFileSync(file, 'utf8').matchAll(uses)].map(([, name]) => name);
    expect(new Set([readRepositoryName(), ...names])).toEqual(new Set([readRepositoryName()]));
  });
});

describe('the check itself', () => {
  const use = (inputs: Record<string, unknown>): Use => ({ action: 'cloudformation-deploy', id: 'stack', inputs });

  it('rejects an unknown input', () => {
    expect(listIssues(use({ paramters: 'a=b' }))).toEqual([expect.stringContaining("did you mean 'parameters'?")]);
  });

  it('rejects an invalid value', () => {
    expect(listIssues(use({ mode: 'deplyo' }))).toEqual([expect.stringContaining("input 'mode'")]);
  });

  it('rejects an undeclared output', () => {
    const gate: Use = { action: 'health-gate', id: 'gate', inputs: {} };
    expect(findUnknownOutputs('steps.gate.outputs.verdit', [gate])).toEqual(['steps.gate.outputs.verdit']);
  });
});
