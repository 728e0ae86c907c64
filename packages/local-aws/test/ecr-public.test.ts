import { request } from 'node:http';
import { ECRPUBLICClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr-public';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/local-aws.js';

interface Answer {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly text: string;
}

const allow = (...actions: readonly string[]) => ({
  all: { Version: '2012-10-17' as const, Statement: { Effect: 'Allow' as const, Action: [...actions], Resource: '*' } },
});

const LOGIN = ['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'];

describe('ECR Public', () => {
  let aws: LocalAws;
  afterEach(() => aws.close());

  const start = async (...actions: readonly string[]): Promise<ECRPUBLICClient> => {
    aws = await startLocalAws({
      scenario: {
        iam: { users: { pusher: { accessKeys: { AKIAPUSH: 'secret' }, policies: allow(...actions) } } },
        'ecr-public': { repositories: ['octo/app'] },
      },
    });
    const credentials = { accessKeyId: 'AKIAPUSH', secretAccessKey: 'secret' };
    return new ECRPUBLICClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  };

  const ask = (method: string, path: string, authorization?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(aws.url);
      const headers = {
        host: `public.ecr.localhost:${port}`,
        ...(authorization === undefined ? {} : { authorization }),
      };
      request({ hostname: '127.0.0.1', port, method, path, headers }, (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        const challenge = answer.headers['www-authenticate'];
        answer.once('end', () => resolve({ status: answer.statusCode, challenge, text }));
      })
        .once('error', reject)
        .end();
    });

  const bearer = async (password?: string): Promise<string> => {
    const { text } = await ask('GET', '/token/?service=public.ecr.aws', password && `Basic ${password}`);
    return `Bearer ${JSON.parse(text).token}`;
  };
  const passwordOf = async (client: ECRPUBLICClient) =>
    (await client.send(new GetAuthorizationTokenCommand({}))).authorizationData?.authorizationToken ?? '';

  it('tells those who come without a token where to get one', async () => {
    await start();
    const { status, challenge } = await ask('GET', '/v2/octo/app/manifests/1');
    expect(status).toBe(401);
    expect(challenge).toMatch(/^Bearer realm="http:\/\/public\.ecr\.localhost:\d+\/token\/"/u);
  });

  it('lets anybody look, and nobody push without a name', async () => {
    await start();
    const token = await bearer();
    expect((await ask('GET', '/v2/octo/app/manifests/1', token)).text).toContain('MANIFEST_UNKNOWN');
    expect((await ask('GET', '/v2/octo/none/manifests/1', token)).text).toContain('NAME_UNKNOWN');
    expect((await ask('POST', '/v2/octo/app/blobs/uploads/', token)).status).toBe(403);
  });

  it.each(LOGIN)('gives no password without %s', async (missing) => {
    const client = await start(...LOGIN.filter((action) => action !== missing));
    await expect(passwordOf(client)).rejects.toThrow(missing);
  });

  it('lets somebody push who may, to the repository without its alias', async () => {
    const denied = await bearer(await passwordOf(await start(...LOGIN)));
    const refusal = await ask('POST', '/v2/octo/app/blobs/uploads/', denied);
    expect(refusal.text).toContain('ecr-public:InitiateLayerUpload');
    expect(refusal.text).toContain('arn:aws:ecr-public::123456789012:repository/app');
    await aws.close();
    const allowed = await bearer(await passwordOf(await start(...LOGIN, 'ecr-public:InitiateLayerUpload')));
    expect((await ask('POST', '/v2/octo/app/blobs/uploads/', allowed)).status).toBe(202);
  });

  it('is apart from the private registries, whose tokens it does not take', async () => {
    await start(...LOGIN, 'ecr:*');
    const wrong = Buffer.from('AWS:password').toString('base64');
    expect((await ask('GET', '/token/', `Basic ${wrong}`)).text).toContain('Reauthenticate');
    const answer = await fetch(`${aws.url}/v2/octo/app/manifests/1`);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /u);
  });
});
