import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlarmReader } from '../src/alarms.js';
import { createClientConfig } from '../src/client-options.js';

const REGION = 'eu-west-1';
const createAlarmArn = (name: string, { region = REGION, account = '123456789012' } = {}): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

describe('AlarmReader', () => {
  let aws: LocalAws;
  let alarms: AlarmReader;

  beforeAll(async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`many-${index}`, {}]));
    aws = await startLocalAws({
      scenario: { cloudwatch: { alarms: { errors: { state: 'ALARM' }, calm: {}, ...many } } },
    });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...env } = aws.createEnv({ keys: true });
    const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'] ?? '', env['AWS_SECRET_ACCESS_KEY'] ?? ''];
    const configure = (region: string) => ({
      ...createClientConfig({
        region,
        network: createNetwork({ env }),
        clock: new VirtualClock(),
        signal: new AbortController().signal,
        action: 'test',
        env,
      }),
      endpoint: aws.url,
      credentials: { accessKeyId, secretAccessKey },
    });
    alarms = new AlarmReader({ region: REGION, configure, input: 'alarms' });
  });
  afterAll(() => aws.close());

  it('lists each active alarm once, whether referred to by name or ARN', async () => {
    const ringing = await alarms.listActive(['calm', 'errors', 'errors']);
    expect(ringing).toMatchObject([{ name: 'errors', since: expect.any(Number) }]);
    expect(await alarms.listActive([createAlarmArn('errors'), createAlarmArn('calm')])).toMatchObject([
      { name: 'errors' },
    ]);
  });

  it('queries each alarm in its own Region', async () => {
    await alarms.listActive([createAlarmArn('errors', { region: 'us-east-1' }), 'calm']);
    expect(
      aws
        .calls()
        .slice(-2)
        .map(({ region }) => region),
    ).toEqual(['us-east-1', REGION]);
  });

  it('queries at most 100 alarms per call', async () => {
    const from = aws.calls().length;
    expect(await alarms.listActive(Array.from({ length: 150 }, (_, index) => `many-${index}`))).toEqual([]);
    expect(aws.calls().length - from).toBe(2);
  });

  it.each([
    ['nobody', "input 'alarms': alarm 'nobody' not found in this account and Region: check the name"],
    [
      createAlarmArn('errors', { account: '210987654321' }),
      "alarm 'arn:aws:cloudwatch:eu-west-1:210987654321:alarm:errors' not found",
    ],
    [
      'arn:aws:sns:eu-west-1:123456789012:topic',
      "'arn:aws:sns:eu-west-1:123456789012:topic' is not the ARN of a CloudWatch alarm",
    ],
  ])('rejects missing alarms, alarms of other accounts and other resources: %s', async (raw, message) => {
    await expect(alarms.listActive([raw])).rejects.toThrow(message);
  });
});
