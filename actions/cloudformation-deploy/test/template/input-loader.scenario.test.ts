import { describe, expect, it } from '@jest/globals';
import { ACCOUNT, findCallInput, InputLoaderHarness, REGION, type RunResult } from './input-loader-harness.js';

const QUEUE = 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n';
const OWN = `aws-delivery-${ACCOUNT}-${REGION}`;

const getFailures = ({ recorded }: RunResult): readonly string[] => recorded.failures;
const countPuts = ({ writes }: RunResult): number => writes.filter((write) => write === 's3:PutObject').length;

describe('a template', () => {
  const large = `Description: ${'x'.repeat(1000)}\nMetadata: { Notes: ${'y'.repeat(52_000)} }\n${QUEUE}`;

  it('of more than 51,200 bytes is uploaded once to a private bucket of the account', async () => {
    await using harness = await InputLoaderHarness.open({ 'large.yml': large });
    const first = await harness.run({ template: 'large.yml' });
    expect(getFailures(first)).toEqual([]);
    expect(first.writes).toEqual(
      expect.arrayContaining([
        's3:CreateBucket',
        's3:PutPublicAccessBlock',
        's3:PutObject',
        'cloudformation:CreateChangeSet',
      ]),
    );
    expect(findCallInput(first, 'CreateChangeSet')).toMatchObject({
      TemplateURL: expect.stringMatching(
        new RegExp(`^https://s3\\.${REGION}\\.amazonaws\\.com/${OWN}/[0-9a-f]{64}\\.template$`),
      ),
    });
    const second = await harness.run({ template: 'large.yml' });
    expect(getFailures(second)).toEqual([]);
    expect(second.writes.filter((write) => write.startsWith('s3:'))).toEqual([]);
  });

  it('of that size fails a preview that would have to create the bucket', async () => {
    await using harness = await InputLoaderHarness.open({ 'large.yml': large });
    const step = await harness.run({ template: 'large.yml', mode: 'preview' });
    expect(step.recorded.failures.join()).toMatch(
      /bucket aws-delivery-.* does not exist, and a preview does not create it/,
    );
    expect(step.writes).toEqual([]);
  });

  it('of any size is uploaded to a configured bucket', async () => {
    await using harness = await InputLoaderHarness.open({ 'large.yml': large, 'queue.yml': QUEUE });
    await harness.run({ template: 'large.yml' });
    const step = await harness.run({ template: 'queue.yml', 's3-bucket': OWN, 's3-prefix': '/templates/' });
    expect(getFailures(step)).toEqual([]);
    expect(findCallInput(step, 'CreateChangeSet')).toMatchObject({
      TemplateURL: expect.stringContaining(`https://s3.${REGION}.amazonaws.com/${OWN}/templates/`),
    });
    expect(findCallInput(step, 'PutObject')).toMatchObject({ ExpectedBucketOwner: ACCOUNT });
  });

  it('of the stack is reused with other parameters', async () => {
    const content = `Parameters:\n  Delay: { Type: Number, Default: 1 }\n${QUEUE}    Properties: { DelaySeconds: !Ref Delay }\n`;
    await using harness = await InputLoaderHarness.open({ 'queue.yml': content });
    await harness.run({ template: 'queue.yml' });
    const step = await harness.run({ template: 'previous', parameters: 'Delay=2' });
    expect(getFailures(step)).toEqual([]);
    expect(findCallInput(step, 'CreateChangeSet')).toMatchObject({
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '2' }],
    });
  });
});

describe('a template that only CloudFormation can judge', () => {
  it('with equal keys is deployed with the last value and a warning on the line', async () => {
    const body = `${QUEUE}    Properties:\n      QueueName: first\n      QueueName: second\n`;
    await using harness = await InputLoaderHarness.open({ 'template.yml': body });
    const step = await harness.run({ template: 'template.yml' });
    expect(getFailures(step)).toEqual([]);
    expect(step.log).toContain(
      'warning: template.yml:5: the key QueueName is set more than once: the last value is used',
    );
    expect(findCallInput(step, 'CreateChangeSet')).toMatchObject({ TemplateBody: body });
  });

  it('with aliases and merge keys is sent with what they stand for, also without packaging', async () => {
    const body = `Metadata:\n  Common: &common { DelaySeconds: 1 }\n${QUEUE}    Properties:\n      <<: *common\n`;
    for (const packaging of ['true', 'false']) {
      await using harness = await InputLoaderHarness.open({ 'template.yml': body });
      const step = await harness.run({ template: 'template.yml', package: packaging });
      expect(getFailures(step)).toEqual([]);
      expect(step.log).toContain('Resolved YAML anchors, aliases and merge keys in template.yml');
      expect(findCallInput(step, 'CreateChangeSet')).toMatchObject({
        TemplateBody: expect.stringMatching(/Common: \{ DelaySeconds: 1 \}[^&*]*\{ "DelaySeconds": 1 \}/u),
      });
    }
  });

  it('that cannot be read is sent with a warning, and fails as CloudFormation decides', async () => {
    await using harness = await InputLoaderHarness.open({ 'template.yml': `${QUEUE}  Broken: [\n` });
    const step = await harness.run({ template: 'template.yml', parameters: 'A=1' });
    expect(step.log).toMatch(
      /warning: template\.yml:5: the template cannot be read, so its parameters .* are not checked/u,
    );
    expect(getFailures(step).join()).toContain('CreateChangeSet: ValidationError');
  });

  it('that cannot be read is rejected if it refers to a local artifact', async () => {
    const body =
      'Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: ./src\n     Bad: [\n';
    await using harness = await InputLoaderHarness.open({ 'template.yml': body, 'src/app.py': 'x' });
    const step = await harness.run({ template: 'template.yml' });
    expect(getFailures(step).join()).toContain(
      "It refers to the local path './src'. Correct the template, or set package: false",
    );
    expect(step.writes).toEqual([]);
  });
});

describe('local artifacts', () => {
  const files = {
    'template.yml': `Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: { Code: src, Handler: index.handler, Runtime: nodejs24.x, Role: 'arn:aws:iam::${ACCOUNT}:role/f' }
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: nested/queue.yml }
`,
    'nested/queue.yml': QUEUE,
    'src/index.js': 'exports.handler = async () => 1;\n',
  };

  it('are packaged, and only changed ones are uploaded again', async () => {
    await using harness = await InputLoaderHarness.open(files);
    const first = await harness.run({ template: 'template.yml' });
    expect(getFailures(first)).toEqual([]);
    expect(countPuts(first)).toBe(3);
    expect(first.log).toMatch(/Uploaded directory '.*src' to s3:\/\/aws-delivery-/);
    harness.workspace.write('src/index.js', 'exports.handler = async () => 2;\n');
    const second = await harness.run({ template: 'template.yml' });
    expect(getFailures(second)).toEqual([]);
    // The code and the template that refers to it, but not the nested template.
    expect(countPuts(second)).toBe(2);
    expect(second.log).toMatch(/Skipped upload of template 'nested\/queue\.yml': unchanged in s3/);
  });

  it('that are missing stop the run before any write', async () => {
    await using harness = await InputLoaderHarness.open({
      'template.yml': files['template.yml'],
      'nested/queue.yml': QUEUE,
    });
    const step = await harness.run({ template: 'template.yml' });
    expect(step.recorded.failures.join()).toMatch(
      /template\.yml:4: cannot package Resources\.Function\.Properties\.Code 'src': 'src' does not exist/,
    );
    expect(step.writes).toEqual([]);
  });
});

describe('parameters', () => {
  const template = `Parameters:
  ShardCountParameter: { Type: Number, Default: 1, MinValue: 1, MaxValue: 10 }
  Stage: { Type: String, Default: dev }
  Secret: { Type: String, NoEcho: true, Default: none }
${QUEUE}    Properties: { DelaySeconds: !Ref ShardCountParameter, QueueName: !Sub '\${Stage}-\${Secret}' }
`;

  it('without an assignment keep the stack’s values with a note, or return to their defaults', async () => {
    await using harness = await InputLoaderHarness.open({ 'template.yml': template, 'prod.json': '{"Stage": "prod"}' });
    expect(getFailures(await harness.run({ template: 'template.yml', 'parameter-files': 'prod.json' }))).toEqual([]);
    const retained = await harness.run({ template: 'template.yml', 'parameter-overrides': 'ShardCountParameter=2' });
    expect(getFailures(retained)).toEqual([]);
    expect(findCallInput(retained, 'CreateChangeSet')['Parameters']).toEqual([
      { ParameterKey: 'ShardCountParameter', ParameterValue: '2' },
      { ParameterKey: 'Stage', UsePreviousValue: true },
      { ParameterKey: 'Secret', UsePreviousValue: true },
    ]);
    expect(retained.log).toContain("Parameter Stage keeps the stack's value 'prod'. The template's default is 'dev'");
    const reset = await harness.run({ template: 'template.yml', 'reset-parameters': 'true' });
    expect(getFailures(reset)).toEqual([]);
    expect(findCallInput(reset, 'CreateChangeSet')['Parameters']).toEqual([]);
    expect(reset.log).toContain("Parameter Stage is reset from 'prod' to the template's default 'dev'");
  });

  it.each([
    ['ShardCountParameter=0', /'0', but must be at least 1/],
    ['ShardCountParameter=11', /'11', but must be at most 10/],
    ['Sage=x', /no parameter Sage: did you mean Stage/],
  ])('such as %s are rejected before any change', async (parameters, message) => {
    await using harness = await InputLoaderHarness.open({ 'template.yml': template });
    const step = await harness.run({ template: 'template.yml', parameters });
    expect(step.recorded.failures.join()).toMatch(message);
    expect(step.writes).toEqual([]);
  });

  it('with issues in a file are annotated on their line', async () => {
    await using harness = await InputLoaderHarness.open({
      'template.yml': template,
      'prod.json': '{\n  "Sage": "prod"\n}',
    });
    const { recorded } = await harness.run({ template: 'template.yml', 'parameter-files': 'prod.json' });
    expect(recorded.log.entries).toContainEqual({
      kind: 'error',
      message: expect.stringContaining('did you mean Stage'),
      properties: { file: 'prod.json', startLine: 2 },
    });
  });

  it('with NoEcho are masked', async () => {
    await using harness = await InputLoaderHarness.open({ 'template.yml': template });
    const { recorded } = await harness.run({ template: 'template.yml', parameters: 'Secret=swordfish' });
    expect(recorded.masked).toContain('swordfish');
    expect(recorded.log.getOutput()).not.toContain('swordfish');
  });

  it('in a template configuration come with tags and a stack policy', async () => {
    const policy = { Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }] };
    await using harness = await InputLoaderHarness.open({
      'template.yml': template,
      'config.json': JSON.stringify({
        Parameters: { Stage: 'prod' },
        Tags: { team: 'shop', env: 'x' },
        StackPolicy: policy,
      }),
    });
    const step = await harness.run({ template: 'template.yml', 'parameter-files': 'config.json', tags: 'env=prod' });
    expect(getFailures(step)).toEqual([]);
    expect(findCallInput(step, 'CreateChangeSet')['Tags']).toEqual([
      { Key: 'team', Value: 'shop' },
      { Key: 'env', Value: 'prod' },
    ]);
    expect(JSON.parse(String(findCallInput(step, 'SetStackPolicy')['StackPolicyBody']))).toEqual(policy);
  });
});

describe('capabilities', () => {
  it('that are not acknowledged stop the run with the line to write', async () => {
    const named =
      'Resources:\n  Role: { Type: AWS::IAM::Role, Properties: { RoleName: x, AssumeRolePolicyDocument: {} } }\n';
    await using harness = await InputLoaderHarness.open({ 'template.yml': named });
    const step = await harness.run({ template: 'template.yml' });
    expect(step.recorded.failures.join()).toContain("set 'capabilities: CAPABILITY_NAMED_IAM'");
    expect(step.writes).toEqual([]);
    expect(getFailures(await harness.run({ template: 'template.yml', capabilities: 'CAPABILITY_NAMED_IAM' }))).toEqual(
      [],
    );
  });
});
