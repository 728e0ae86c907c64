import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const step = z.object({ id: z.string().optional(), run: z.string().optional() });
const schema = z.object({ jobs: z.object({ read: z.object({ steps: z.array(step) }) }) });
const { steps } = schema.parse(parse(readFileSync('.github/workflows/read-tag.yml', 'utf8'))).jobs.read;
const script = steps.find(({ id }) => id === 'tag')?.run ?? '';

const prod = { accounts: { '*': '111111111111', payments: '222222222222' }, role: 'deploy', regions: ['eu-west-1'] };
const tickets = { regional: [['data'], ['shop', 'admin']], global: [['dns']] };

/** A configuration with overrides of the environment or another team. */
const readConfig = (environment: object | null = {}, team: unknown = tickets): object => ({
  environments: { prod: environment && { ...prod, ...environment } },
  teams: { tickets: team },
});

describe('read-tag.yml', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'read-tag-'));
    for (const stack of ['data', 'shop', 'admin', 'dns']) write(`stacks/tickets/${stack}.yaml`, '');
    write('stacks/tickets/shop.prod.json', '{}');
    write('stacks/other.yaml', '');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };

  const read = (tag: string, config: object | string = readConfig()) => {
    write('delivery.json', typeof config === 'string' ? config : JSON.stringify(config));
    write('output', '');
    write('script', script);
    const variables = { TAG: tag, CONFIG: 'delivery.json', STACKS: 'stacks', GITHUB_OUTPUT: join(directory, 'output') };
    const env = { PATH: process.env['PATH'], SYSTEMROOT: process.env['SYSTEMROOT'], ...variables };
    const { status, stdout, stderr } = spawnSync(process.execPath, ['script'], {
      cwd: directory,
      env,
      encoding: 'utf8',
    });
    const pairs = readFileSync(join(directory, 'output'), 'utf8').trimEnd().split('\n');
    const outputs = Object.fromEntries(pairs.map((pair) => [pair.split('=', 1)[0], pair.replace(/^[^=]*=/, '')]));
    return { status, stdout, stderr, outputs };
  };

  it('outputs the stages of a team and the account of the environment', () => {
    expect(read('prod_eu-west-1/tickets/1.4.0').outputs).toEqual({
      environment: 'prod',
      region: 'eu-west-1',
      team: 'tickets',
      version: '1.4.0',
      'role-arn': 'arn:aws:iam::111111111111:role/deploy',
      'service-role-arn': '',
      'stage-1': '[{"stack":"data","template":"stacks/tickets/data.yaml","parameters":""}]',
      'stage-2':
        '[{"stack":"shop","template":"stacks/tickets/shop.yaml","parameters":"stacks/tickets/shop.prod.json"},' +
        '{"stack":"admin","template":"stacks/tickets/admin.yaml","parameters":""}]',
    });
  });

  it.each([
    ['ap-southeast-2', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('maps %s to the partition %s', (region, partition) => {
    const { outputs } = read(`prod_${region}/tickets/1`, readConfig({ regions: [region] }));
    expect(outputs).toMatchObject({ region, 'role-arn': `arn:${partition}:iam::111111111111:role/deploy` });
  });

  it('deploys global stacks to the global Region of the environment without a list of Regions', () => {
    const config = readConfig({ regions: undefined, 'global-region': 'us-gov-west-1', 'service-role': 'path/maker' });
    expect(read('prod_global/tickets/1', config).outputs).toMatchObject({
      region: 'us-gov-west-1',
      'service-role-arn': 'arn:aws-us-gov:iam::111111111111:role/path/maker',
    });
    expect(read('prod_global/tickets/1').outputs).toMatchObject({ region: 'us-east-1' });
  });

  it.each([
    'prod_eu-west-1/tickets',
    'prod_eu-west-1/../tickets/1',
    'prod_eu-west-1/tickets/1\nrole-arn=x',
    'prod_eu-west-1/tickets/$(id)',
    'prod_EU-WEST-1/tickets/1',
  ])('rejects %j', (tag) => {
    const { status, stdout, stderr } = read(tag);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^::error::the tag '.*' is neither <env>_<region>\/<team>\/<version> nor [^\n]*\n$/);
  });

  const tag = 'prod_eu-west-1/tickets/1';
  it.each<[string, string, object | string, string]>([
    ['invalid JSON', tag, '{ "environments": ', 'delivery.json is not valid JSON'],
    ['null', tag, 'null', "has no environment 'prod'"],
    ['a list', tag, '[]', "has no environment 'prod'"],
    ['a key of every object', 'constructor_eu-west-1/tickets/1', readConfig(), "no environment 'constructor'"],
    ['another such key', 'prod_eu-west-1/__proto__/1', readConfig(), "has no team '__proto__'"],
    ['a null environment', tag, readConfig(null), "has no account of 'prod' for team '*'"],
    ['an environment without Regions', tag, readConfig({ regions: undefined }), "'regions' of 'prod' is not a list"],
    ['a Region instead of a list', tag, readConfig({ regions: 'eu-west-1' }), "'regions' of 'prod' is not a list"],
    ['an environment without accounts', tag, readConfig({ accounts: undefined }), "no account of 'prod' for team '*'"],
    [
      'an account of eleven digits',
      tag,
      readConfig({ accounts: { '*': 11111111111 } }),
      "'11111111111' is not an account ID",
    ],
    ['an environment without a role', tag, readConfig({ role: undefined }), "'undefined' is not a role name"],
    ['a role with a line break', tag, readConfig({ role: 'a\nregion=x' }), "'a region=x' is not a role name"],
    [
      'a service role that is an ARN',
      tag,
      readConfig({ 'service-role': 'arn:aws:iam::1:role/a' }),
      'is not a role name',
    ],
    ['an invalid global Region', 'prod_global/tickets/1', readConfig({ 'global-region': 'a\nb=c' }), 'is not a Region'],
    ['stacks without stages', tag, readConfig({}, { regional: ['data'] }), 'is not a list of stages'],
    ['one stack instead of a list', tag, readConfig({}, { regional: 'data' }), 'is not a list of stages'],
    [
      'a stack outside of its team',
      tag,
      readConfig({}, { regional: [['../other']] }),
      "'../other' is not a stack name",
    ],
    [
      'a stack without a template',
      tag,
      readConfig({}, { regional: [['no']] }),
      'template stacks/tickets/no.yaml not found',
    ],
    ['no stack at all', tag, readConfig({}, { regional: [[], []] }), 'has no regional stacks'],
    ['four stages', tag, readConfig({}, { regional: [['data'], ['data'], ['data'], ['data']] }), 'has 4 stages'],
  ])('reports an invalid configuration: %s', (_, pushed, config, message) => {
    const { status, stdout, stderr, outputs } = read(pushed, config);
    expect([status, stderr, outputs]).toEqual([1, '', { '': '' }]);
    expect(stdout).toMatch(/^::error::[^\n]*\n$/);
    expect(stdout).toContain(message);
  });
});
