import { describe, expect, it } from '@jest/globals';
import { buildInputEnv } from '../../src/action/input-env.js';
import { MINIMAL_ACTION, readActionText } from './action-text.js';

describe('buildInputEnv', () => {
  const action = () =>
    readActionText(`${MINIMAL_ACTION}inputs:
  role-arn: { required: true }
  wait for: { default: 5 }
  fast: { default: true }
  token: { default: '\${{ github.token }}' }
  where: { default: '\${{github.repository}} on \${{ runner.os }}' }
  matrix: { default: '\${{ toJSON(matrix) }}' }
  bare:
`);
  const contexts = { github: { token: 't-1', repository: 'o/r' }, runner: { os: 'Linux' } };

  it('names variables in upper case with underscores for spaces and fills in defaults', () => {
    expect(buildInputEnv(action(), { 'role-arn': 'arn' }, contexts)).toEqual({
      env: {
        'INPUT_ROLE-ARN': 'arn',
        INPUT_WAIT_FOR: '5',
        INPUT_FAST: 'true',
        INPUT_TOKEN: 't-1',
        INPUT_WHERE: 'o/r on Linux',
        // As on GitHub in a job without a matrix.
        INPUT_MATRIX: 'null',
        INPUT_BARE: '',
      },
      unexpected: [],
    });
  });

  it('accepts inputs in any case and empty values', () => {
    const { env, unexpected } = buildInputEnv(action(), { 'Role-ARN': 'arn', FAST: '' }, contexts);
    expect(env).toMatchObject({ 'INPUT_ROLE-ARN': 'arn', INPUT_FAST: '' });
    expect(unexpected).toEqual([]);
  });

  it('passes undeclared inputs on and reports them', () => {
    const { env, unexpected } = buildInputEnv(action(), { 'rol-arn': 'arn' }, contexts);
    expect(env).toMatchObject({ 'INPUT_ROL-ARN': 'arn' });
    expect(unexpected).toEqual(['rol-arn']);
  });

  it.each([
    ['${{ hashFiles() }}', "expression 'hashFiles()' is not supported"],
    ['${{ secrets.A }}', "unknown context 'secrets' in 'secrets.A': expected one of github, runner"],
  ])('rejects the default %s', (text, message) => {
    const actionFile = readActionText(`${MINIMAL_ACTION}inputs: { a: { default: '${text}' } }`);
    expect(() => buildInputEnv(actionFile, {}, contexts)).toThrow(
      expect.objectContaining({ code: 'expression-unsupported', message: expect.stringContaining(message) }),
    );
  });
});
