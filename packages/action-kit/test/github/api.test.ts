import { describe, expect, it } from '@jest/globals';
import { createGitHubApi } from '../../src/github/api.js';
import type { Network } from '../../src/http/network.js';
import type { HttpRequest } from '../../src/http/request.js';

const respond = (status: number, body: object) => {
  const requests: HttpRequest[] = [];
  const request: Network['request'] = async (sent) => {
    requests.push(sent);
    const text = JSON.stringify(body);
    return { status, headers: {}, bytes: Buffer.from(text), text, source: 'https://github.test' };
  };
  return { requests, network: { request } as Network };
};

describe('query', () => {
  it.each([
    [{}, 'https://api.github.com/graphql'],
    [{ GITHUB_API_URL: 'https://api.octo.ghe.com' }, 'https://api.octo.ghe.com/graphql'],
    [{ GITHUB_API_URL: 'https://github.example/api/v3' }, 'https://github.example/api/graphql'],
    [{ GITHUB_API_URL: 'https://a.test', GITHUB_GRAPHQL_URL: 'https://b.test/graphql' }, 'https://b.test/graphql'],
  ])('is sent to the GraphQL endpoint of the server: %j', async (env, url) => {
    const { requests, network } = respond(200, { data: { viewer: { login: 'octocat' } } });
    const data = await createGitHubApi({ network, env, token: 't' }).query('query { viewer { login } }', { id: 1 });
    expect(data).toEqual({ viewer: { login: 'octocat' } });
    expect(requests).toMatchObject([{ method: 'POST', url, headers: { authorization: 'Bearer t' } }]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual({
      query: 'query { viewer { login } }',
      variables: { id: 1 },
    });
  });

  it.each([
    [
      200,
      { errors: [{ type: 'FORBIDDEN', message: 'Resource not\naccessible' }] },
      'denied',
      'Resource not accessible',
    ],
    [200, { errors: [{ type: 'RATE_LIMITED', message: 'wait' }] }, 'throttled', 'wait'],
    [200, { errors: [{ message: 'Parse error' }] }, 'unexpected', 'Parse error'],
    [200, { errors: [null] }, 'unexpected', 'no message'],
    [401, { message: 'Bad credentials' }, 'denied', 'Bad credentials'],
  ])('throws for errors: HTTP %d %j', async (status, body, code, message) => {
    const { network } = respond(status, body);
    const query = createGitHubApi({ network, env: {}, token: 't' }).query('query { x }', {});
    await expect(query).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
