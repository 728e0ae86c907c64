import { describe, expect, it } from '@jest/globals';
import {
  boolean,
  choice,
  choices,
  defineAction,
  duration,
  findDeclaration,
  type Inputs,
  integer,
  list,
  mapping,
  string,
} from '../../src/inputs/definition.js';
import { overrideInputs, readInputs } from '../../src/inputs/read-inputs.js';

const definition = defineAction({
  name: 'sample',
  title: 'Sample',
  description: 'A sample.',
  branding: { icon: 'cloud', color: 'orange' },
  inputs: {
    'role-arn': string({ help: 'Role.', aliases: { 'role-to-assume': '%' } }),
    name: string({ required: true, help: 'Name.' }),
    timeout: duration({
      default: 900,
      help: 'Timeout.',
      aliases: { 'timeout-in-minutes': '%m', 'action-timeout-s': '%s' },
    }),
    'on-failure': choice(
      'rollback',
      'preserve',
      'delete',
    )({
      default: 'rollback',
      help: 'Failure.',
      aliases: { 'disable-rollback': { true: 'preserve' } },
    }),
    concurrency: integer({ min: 1, max: 20 })({ default: 8, help: 'Concurrency.' }),
    comment: boolean({ default: false, help: 'Comment.' }),
    capabilities: choices('IAM', 'NAMED')({ help: 'Capabilities.' }),
    accounts: list({ help: 'Accounts.' }),
    tags: mapping({ help: 'Tags.' }),
    token: string({ help: 'Token.', secret: true }),
    pin: integer({ min: 1 })({ help: 'Pin.', secret: true }),
  },
  outputs: { 'stack-id': { help: 'Stack.' }, 'docker_username_*': { help: 'User.' } },
  permissions: {},
  workflow: [],
});

type Sample = Inputs<typeof definition>;

const read = (
  provided: Record<string, string>,
  more: Record<string, string> = {},
): { inputs: Sample; masked: string[] } => {
  const masked: string[] = [];
  const env = Object.fromEntries(
    Object.entries(provided).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  return { inputs: readInputs(definition, { ...env, ...more }, (secret) => masked.push(secret)), masked };
};

describe('readInputs', () => {
  it('infers a type per input and applies defaults to absent and empty values', () => {
    const { inputs } = read({ name: 'x', timeout: '', comment: '  ' });
    const typed: { timeout: number; failure: 'rollback' | 'preserve' | 'delete'; role: string | undefined } = {
      timeout: inputs.timeout,
      failure: inputs['on-failure'],
      role: inputs['role-arn'],
    };
    expect(typed).toEqual({ timeout: 900, failure: 'rollback', role: undefined });
    expect(inputs.comment).toBe(false);
  });

  it('reads every kind', () => {
    const { inputs } = read({
      name: ' padded ',
      timeout: '1h',
      'on-failure': 'DELETE',
      concurrency: '3',
      comment: 'yes',
      capabilities: 'iam, named',
      accounts: '1,2',
      tags: 'a=b',
    });
    expect(inputs).toMatchObject({
      name: 'padded',
      timeout: 3_600,
      'on-failure': 'delete',
      concurrency: 3,
      comment: true,
      capabilities: ['IAM', 'NAMED'],
      accounts: ['1', '2'],
      tags: { a: 'b' },
    });
  });

  it.each([
    [{ 'role-to-assume': 'arn' }, { 'role-arn': 'arn' }],
    [{ 'timeout-in-minutes': '5' }, { timeout: 300 }],
    [{ 'action-timeout-s': '5' }, { timeout: 5 }],
    [{ 'disable-rollback': 'TRUE' }, { 'on-failure': 'preserve' }],
    [{ 'disable-rollback': 'false' }, { 'on-failure': 'rollback' }],
    [{ 'disable-rollback': '1', 'on-failure': 'preserve' }, { 'on-failure': 'preserve' }],
  ])("understands a peer's %j", (provided, expected) => {
    expect(read({ name: 'x', ...provided }).inputs).toMatchObject(expected);
  });

  it('keeps $ patterns of a translated value literal', () => {
    expect(read({ name: 'x', 'role-to-assume': "$&$'" }).inputs['role-arn']).toBe("$&$'");
  });

  it.each([
    [{}, "input 'name' is required"],
    [{ name: 'x', comment: 'maybe' }, "input 'comment': 'maybe' is not a boolean"],
    [{ name: 'x', 'on-failure': 'stop' }, "input 'on-failure': 'stop' is not one of rollback, preserve, delete"],
    [{ name: 'x', concurrency: '21' }, "input 'concurrency': '21' is not a whole number from 1 to 20"],
    [{ name: 'x', 'disable-rollback': 'maybe' }, "input 'disable-rollback': 'maybe' is not a boolean"],
    [
      { name: 'x', 'disable-rollback': 'true', 'on-failure': 'delete' },
      "inputs 'on-failure' and 'disable-rollback' are the same input with different values: keep 'on-failure'",
    ],
  ])('rejects %j', (provided, message) => {
    expect(() => read(provided)).toThrow(message);
  });

  it('masks secrets before validation', () => {
    const masked: string[] = [];
    const env = { INPUT_TOKEN: 's3cret', INPUT_COMMENT: 'maybe' };
    expect(() => readInputs(definition, env, (secret) => masked.push(secret))).toThrow();
    expect(masked).toEqual(['s3cret']);
  });

  it('hides the value of an invalid secret', () => {
    expect(() => read({ name: 'x', pin: 'hunter2' })).toThrow(
      /^input 'pin': the value \(hidden\) has an invalid format$/,
    );
  });
});

describe('unknown inputs', () => {
  it.each([
    [{ 'role-arm': 'x' }, "unknown input 'role-arm' for sample: did you mean 'role-arn'?"],
    [{ nmae: 'x' }, "did you mean 'name'?"],
    [{ 'never-heard-of-it': 'x' }, "unknown input 'never-heard-of-it' for sample: known inputs: role-arn"],
  ])('rejects %j', (provided, message) => {
    expect(() => read({ name: 'x', ...provided })).toThrow(message);
  });

  it("ignores a job's own variables", () => {
    expect(read({ name: 'x' }, { INPUT_DIRECTORY: '/data', INPUT_X_Y: '1' }).inputs.name).toBe('x');
  });

  it('rejects every unknown input passed by the node runner', () => {
    const more = { INPUT_DIRECTORY: '/data', AWS_DELIVERY_RUNNER: '1' };
    expect(() => read({ name: 'x' }, more)).toThrow("unknown input 'directory'");
  });
});

describe('findDeclaration', () => {
  it('finds an output by name or wildcard', () => {
    expect(findDeclaration(definition.outputs, 'stack-id')?.help).toBe('Stack.');
    expect(findDeclaration(definition.outputs, 'docker_username_1')?.help).toBe('User.');
    expect(findDeclaration(definition.outputs, 'docker_username_')).toBeUndefined();
    expect(findDeclaration(definition.outputs, 'constructor')).toBeUndefined();
    expect(findDeclaration(undefined, 'stack-id')).toBeUndefined();
  });
});

describe('overrideInputs', () => {
  const env = { INPUT_NAME: 'shop', 'INPUT_TIMEOUT-IN-MINUTES': '5', INPUT_COMMENT: 'true' };
  const override = (values: Record<string, string>): Sample =>
    readInputs(definition, overrideInputs(definition, env, values), () => undefined);

  it('replaces an input under any of its names, and keeps the others', () => {
    expect(override({ timeout: '90s' })).toMatchObject({ name: 'shop', timeout: 90, comment: true });
    expect(override({ 'action-timeout-s': '7' })).toMatchObject({ timeout: 7 });
    expect(override({})).toMatchObject({ timeout: 300 });
  });

  it('rejects an undeclared name', () => {
    expect(() => override({ concurency: '1' })).toThrow(
      "unknown input 'concurency' for sample: did you mean 'concurrency'?",
    );
  });
});
