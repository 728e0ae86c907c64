import { request } from 'node:http';
import { ECRPUBLICClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr-public';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';

interface RegistryResponse {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly body: string;
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

  const send = (method: string, path: string, authorization?: string): Promise<RegistryResponse> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(aws.url);
      const headers = {
        host: `public.ecr.localhost:${port}`,
        ...(authorization === undefined ? {} : { authorization }),
      };
      request({ hostname: '127.0.0.1', port, method, path, headers }, (response) => {
        let body = '';
        response.on('data', (piece: Buffer) => {
          body += piece.toString();
        });
        const challenge = response.headers['www-authenticate'];
        response.once('end', () => resolve({ status: response.statusCode, challenge, body }));
      })
        .once('error', reject)
        .end();
    });

  const fetchBearerToken = async (password?: string): Promise<string> => {
    const { body } = await send('GET', '/token/?service=public.ecr.aws', password && `Basic ${password}`);
    return `Bearer ${JSON.parse(body).token}`;
  };
  const fetchPassword = async (client: ECRPUBLICClient) =>
    (await client.send(new GetAuthorizationTokenCommand({}))).authorizationData?.authorizationToken ?? '';

  it('tells clients without a token where to get one', async () => {
    await start();
    const { status, challenge } = await send('GET', '/v2/octo/app/manifests/1');
    expect(status).toBe(401);
    expect(challenge).toMatch(/^Bearer realm="http:\/\/public\.ecr\.localhost:\d+\/token\/"/u);
  });

  it('allows anonymous pulls, but no anonymous pushes', async () => {
    await start();
    const token = await fetchBearerToken();
    expect((await send('GET', '/v2/octo/app/manifests/1', token)).body).toContain('MANIFEST_UNKNOWN');
    expect((await send('GET', '/v2/octo/none/manifests/1', token)).body).toContain('NAME_UNKNOWN');
    expect((await send('POST', '/v2/octo/app/blobs/uploads/', token)).status).toBe(403);
  });

  it.each(LOGIN)('issues no password without %s', async (missing) => {
    const client = await start(...LOGIN.filter((action) => action !== missing));
    await expect(fetchPassword(client)).rejects.toThrow(missing);
  });

  it('allows a push with permission for the repository, named without its alias', async () => {
    const denied = await fetchBearerToken(await fetchPassword(await start(...LOGIN)));
    const rejected = await send('POST', '/v2/octo/app/blobs/uploads/', denied);
    expect(rejected.body).toContain('ecr-public:InitiateLayerUpload');
    expect(rejected.body).toContain('arn:aws:ecr-public::123456789012:repository/app');
    await aws.close();
    const allowed = await fetchBearerToken(
      await fetchPassword(await start(...LOGIN, 'ecr-public:InitiateLayerUpload')),
    );
    expect((await send('POST', '/v2/octo/app/blobs/uploads/', allowed)).status).toBe(202);
  });

  it('does not accept tokens of private registries', async () => {
    await start(...LOGIN, 'ecr:*');
    const wrong = Buffer.from('AWS:password').toString('base64');
    expect((await send('GET', '/token/', `Basic ${wrong}`)).body).toContain('Reauthenticate');
    const response = await fetch(`${aws.url}/v2/octo/app/manifests/1`);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /u);
  });
});
