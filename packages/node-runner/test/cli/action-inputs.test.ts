import { describe, expect, it } from '@jest/globals';
import type { ActionFile } from '../../src/action/action-file.js';
import { parseActionInputs } from '../../src/cli/action-inputs.js';

const file: ActionFile = {
  name: 'Deploy',
  description: '',
  directory: '/actions/stack-deploy',
  defaults: new Map(),
  inputDescriptions: new Map([
    ['name', 'The stack. (required)'],
    ['role-arn', 'The role.'],
    ['protect', 'Look first. (true or false; default: false)'],
    ['no-execute', 'Another name for protect.'],
    ['mode', 'What to do: nothing is true or false here. (one of deploy, preview)'],
  ]),
  outputDescriptions: new Map(),
  pre: undefined,
  main: '',
  post: undefined,
  postIf: 'always()',
};
const parseInputs = (args: readonly string[], env: Record<string, string> = {}) =>
  parseActionInputs({ name: 'stack-deploy', file }, args, env);

describe('parseActionInputs', () => {
  it.each([
    [['--name', 'shop', '--role-arn=arn'], { name: 'shop', 'role-arn': 'arn' }],
    [['--name=--odd--', '--role-arn='], { name: '--odd--', 'role-arn': '' }],
    [['--name', 'a', '--name', 'b', '--name=c'], { name: 'a\nb\nc' }],
    [['--protect', '--name', 'a'], { protect: 'true', name: 'a' }],
    [['--name', 'a', '--no-execute'], { name: 'a', 'no-execute': 'true' }],
    [['--protect', 'no'], { protect: 'no' }],
    [['--protect=false'], { protect: 'false' }],
  ])('parses %j', (args, inputs) => {
    expect(parseInputs(args)).toEqual(inputs);
  });

  it('reads variables with the prefix of the action and prefers arguments', () => {
    const env = { STACK_DEPLOY_ROLE_ARN: 'arn', STACK_DEPLOY_NAME: 'shop', INPUT_MODE: 'x', ROLE_ARN: 'y' };
    expect(parseInputs(['--name', 'till'], env)).toEqual({ 'role-arn': 'arn', name: 'till' });
  });

  it.each<[readonly string[], Record<string, string>, string]>([
    [['--nam', 'x'], {}, "unknown input '--nam' for stack-deploy: did you mean 'name'?"],
    [['--xyzzy', 'x'], {}, "see 'runner.js stack-deploy --help'"],
    [['--outputs', 'x'], {}, 'options of the runner precede the name of the action'],
    [['shop'], {}, "'shop' is not an input of stack-deploy: write inputs as --name value"],
    [['--name'], {}, "input '--name' requires a value"],
    [['--name', '--protect'], {}, "input '--name' requires a value"],
    [['--mode', '--protect'], {}, "input '--mode' requires a value"],
    [
      [],
      { STACK_DEPLOY_ROL_ARN: 'x' },
      "unknown input 'STACK_DEPLOY_ROL_ARN' for stack-deploy: did you mean 'role-arn'?",
    ],
  ])('rejects %j with %j', (args, env, message) => {
    expect(() => parseInputs(args, env)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});
