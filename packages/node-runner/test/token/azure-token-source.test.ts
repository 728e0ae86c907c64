import { createServer, type Server } from 'node:http';
import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AzureTokenSource } from '../../src/token/azure-token-source.js';

const TOKEN = 'header.claims.signature';

describe('AzureTokenSource', () => {
  let server: Server;
  let url: string;
  const requests: string[] = [];
  let cannedResponse = { status: 200, body: JSON.stringify({ oidcToken: TOKEN }) };
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: string[] = [];
      for await (const chunk of request) chunks.push(String(chunk));
      requests.push(`${request.method} ${request.url} ${request.headers.authorization} ${chunks.join('')}`);
      response.writeHead(cannedResponse.status).end(cannedResponse.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/oidc`;
  });
  afterEach(() => void requests.splice(0));
  afterAll(() => void server.close());
  const createEnv = () => ({ SYSTEM_OIDCREQUESTURI: url, SYSTEM_ACCESSTOKEN: 'access' });

  it.each([
    ['the pipeline', undefined, ''],
    ['a service connection', 'c-1', '&serviceConnectionId=c-1'],
  ])('requests a new token of %s every time', async (_, connection, query) => {
    const source = AzureTokenSource.from(createEnv(), connection);
    expect([await source?.mint(), await source?.mint()]).toEqual([TOKEN, TOKEN]);
    const request = `POST /oidc?api-version=7.1-preview.1${query} Bearer access {}`;
    expect(requests).toEqual([request, request]);
  });

  it('is unavailable without an access token', () => {
    expect(AzureTokenSource.from({ SYSTEM_OIDCREQUESTURI: url }, undefined)).toBeUndefined();
  });

  it('explains a denied request', async () => {
    cannedResponse = { status: 403, body: 'no' };
    const options = { url, accessToken: 'a', serviceConnection: 'c-1', network: createNetwork({ env: {} }) };
    const message =
      "Azure DevOps returned HTTP 403 for the token request: allow the pipeline to use the service connection 'c-1'";
    await expect(new AzureTokenSource(options).mint()).rejects.toMatchObject({ code: 'token-unavailable', message });
  });

  it('reveals nothing of a response that is not JSON', async () => {
    cannedResponse = { status: 200, body: `${TOKEN}"` };
    const options = { url, accessToken: 'a', serviceConnection: undefined, network: createNetwork({ env: {} }) };
    const message =
      'Azure DevOps returned HTTP 200 for the token request: check the request in the log of Azure DevOps';
    await expect(new AzureTokenSource(options).mint()).rejects.toMatchObject({ code: 'token-unavailable', message });
  });

  it('explains that Azure DevOps chooses the audience', () => {
    const source = AzureTokenSource.from(createEnv(), undefined);
    expect(source?.getAudienceHint('sts.amazonaws.com', ['api://AzureADTokenExchange'])).toBe(
      'Azure DevOps sets the audience; set --audience api://AzureADTokenExchange for oidc-credentials, and add it to the audiences (client IDs) of the identity provider in IAM',
    );
  });
});
