import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach } from '@jest/globals';
import type { ApiCall, HttpRequest } from '../src/api-call.js';
import { type LocalAws, type StartOptions, startLocalAws } from '../src/local-aws.js';
import type { ScenarioInput } from '../src/scenario.js';

const EMPTY_REQUEST: HttpRequest = { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.alloc(0) };

/** An unsigned call of AssumeRole with an empty input. */
export const createCall = (changes: Partial<ApiCall> = {}): ApiCall => ({
  id: 'c-1',
  service: 'sts',
  operation: 'AssumeRole',
  input: {},
  principal: { kind: 'anonymous' },
  account: '123456789012',
  region: 'us-east-1',
  at: 10_000,
  write: false,
  request: EMPTY_REQUEST,
  ...changes,
});

/** Returns a function that starts servers; each is closed after its test. */
export const useLocalAws = (defaults: StartOptions = {}): ((options?: StartOptions) => Promise<LocalAws>) => {
  const started: LocalAws[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((aws) => aws.close()));
  });
  return async (options = {}) => {
    const aws = await startLocalAws({ ...defaults, ...options });
    started.push(aws);
    return aws;
  };
};

/** Returns a function that starts servers whose clock stands at `time` until a test advances it. */
export const useFrozenLocalAws = (time: string): ((scenario: ScenarioInput) => Promise<LocalAws>) => {
  const start = useLocalAws();
  return (scenario) => start({ scenario: { clock: { start: time, scale: 0 }, ...scenario } });
};

/** Calls GetCallerIdentity with root keys. */
export const getCallerIdentity = (aws: LocalAws, maxAttempts = 1) =>
  new STSClient({
    region: 'us-east-1',
    endpoint: aws.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts,
  }).send(new GetCallerIdentityCommand({}));
