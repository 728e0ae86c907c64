import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readActionFile } from '../../src/action/action-file.js';
import { buildInputEnv } from '../../src/action/input-env.js';

const directory = mkdtempSync(join(tmpdir(), 'action-file-'));
afterAll(() => rmSync(directory, { recursive: true }));

const writeAction = (content: string) => {
  writeFileSync(join(directory, 'action.yml'), content);
  return readActionFile(directory);
};

const minimal = "name: a\nruns: { using: node24, main: 'dist/main.js' }\n";

describe('an action file', () => {
  it('gives its scripts below its folder', () => {
    expect(writeAction(minimal)).toMatchObject({
      main: join(directory, 'dist', 'main.js'),
      post: undefined,
      outputDescriptions: new Map(),
    });
  });

  it('runs its post always unless it says otherwise', () => {
    expect(writeAction(minimal).postIf).toBe('always()');
    expect(writeAction("name: a\nruns: { using: node20, main: m.js, post-if: '!cancelled()' }").postIf).toBe(
      '!cancelled()',
    );
  });

  it.each([
    ['a composite action', 'name: a\nruns: { using: composite, steps: [] }', 'runs.using'],
    ['no main', 'name: a\nruns: { using: node24 }', 'runs.main'],
    ['an unknown condition', 'name: a\nruns: { using: node24, main: m.js, post-if: maybe() }', 'runs["post-if"]'],
    ['broken YAML', 'name: [', 'action.yml'],
  ])('refuses %s', (_, content, fragment) => {
    expect(() => writeAction(content)).toThrow(
      expect.objectContaining({ code: 'action-file-invalid', message: expect.stringContaining(fragment) }),
    );
  });

  it('is missed where there is none', () => {
    expect(() => readActionFile(join(directory, 'nowhere'))).toThrow(
      `no action.yml in '${join(directory, 'nowhere')}'`,
    );
  });
});

describe('the inputs of an action', () => {
  const action = () =>
    writeAction(`${minimal}inputs:
  role-arn: { required: true }
  wait for: { default: 5 }
  fast: { default: true }
  token: { default: '\${{ github.token }}' }
  where: { default: '\${{github.repository}} on \${{ runner.os }}' }
  bare:
`);
  const contexts = { github: { token: 't-1', repository: 'o/r' }, runner: { os: 'Linux' } };

  it('become variables in upper case, spaces as underscores, hyphens kept, defaults filled', () => {
    expect(buildInputEnv(action(), { 'role-arn': 'arn' }, contexts)).toEqual({
      env: {
        'INPUT_ROLE-ARN': 'arn',
        INPUT_WAIT_FOR: '5',
        INPUT_FAST: 'true',
        INPUT_TOKEN: 't-1',
        INPUT_WHERE: 'o/r on Linux',
        INPUT_BARE: '',
      },
      unexpected: [],
    });
  });

  it('may be given in any case, and empty', () => {
    const { env, unexpected } = buildInputEnv(action(), { 'Role-ARN': 'arn', FAST: '' }, contexts);
    expect(env).toMatchObject({ 'INPUT_ROLE-ARN': 'arn', INPUT_FAST: '' });
    expect(unexpected).toEqual([]);
  });

  it('reach the action undeclared, but are reported', () => {
    const { env, unexpected } = buildInputEnv(action(), { 'rol-arn': 'arn' }, contexts);
    expect(env).toMatchObject({ 'INPUT_ROL-ARN': 'arn' });
    expect(unexpected).toEqual(['rol-arn']);
  });

  it.each([
    ['${{ hashFiles() }}', "the expression 'hashFiles()'"],
    ['${{ secrets.A }}', "no context 'secrets' in 'secrets.A'; known: github, runner"],
  ])('cannot have the default %s', (text, message) => {
    const actionFile = writeAction(`${minimal}inputs: { a: { default: '${text}' } }`);
    expect(() => buildInputEnv(actionFile, {}, contexts)).toThrow(
      expect.objectContaining({ code: 'expression-unsupported', message: expect.stringContaining(message) }),
    );
  });
});
