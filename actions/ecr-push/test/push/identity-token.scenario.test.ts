import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { createImage, type Image } from '../../../../packages/oci/test/image-fixtures.js';
import { withHarness } from '../harness.js';

const REFRESH_TOKEN = 'refresh-token';
const ACCESS_TOKEN = 'access-token';
const UNAUTHORIZED = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });

/** Issues an access token for a refresh token only. Returns a line about the request. */
const respondWithToken = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
  const form = new URLSearchParams(await text(request));
  const isValid = request.method === 'POST' && form.get('refresh_token') === REFRESH_TOKEN;
  response.writeHead(isValid ? 200 : 401).end(isValid ? JSON.stringify({ access_token: ACCESS_TOKEN }) : UNAUTHORIZED);
  return `${request.method} ${form.get('grant_type')} ${form.get('service')} ${form.get('scope')}`;
};

/**
 * A registry with one image and its token server (OAuth 2.0, as Azure's registry). Crane, oras, regctl and skopeo read an
 * image from such a server with the same login.
 */
const startRegistry = async ({ manifest, blobs }: Image) => {
  const tokenRequests: string[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '', 'http://registry');
    if (pathname === '/oauth2/token') {
      tokenRequests.push(await respondWithToken(request, response));
      return;
    }
    if (request.headers.authorization !== `Bearer ${ACCESS_TOKEN}`) {
      const challenge = `Bearer realm="http://${request.headers.host}/oauth2/token",service="shop.azurecr.io"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end(UNAUTHORIZED);
      return;
    }
    const reference = pathname.split('/').at(-1);
    const found = reference === '1.0' ? manifest : blobs.find(({ digest }) => digest === reference);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': found?.mediaType }).end(found?.bytes);
  };
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, tokenRequests, [Symbol.dispose]: () => void server.close() };
};

it.each([
  ['copies an image', REFRESH_TOKEN, true],
  ['fails without a copy', 'revoked', false],
])('%s from a registry with the identity token of a login: %s', async (_, identitytoken, isCopied) => {
  const image = createImage();
  using registry = await startRegistry(image);
  await withHarness({}, async (harness) => {
    const login = { auth: Buffer.from('00000000-0000-0000-0000-000000000000:').toString('base64'), identitytoken };
    await mkdir(join(harness.directory, '.docker'));
    await writeFile(
      join(harness.directory, '.docker', 'config.json'),
      JSON.stringify({ auths: { [registry.host]: login } }),
    );
    const { failures, outputs } = await harness.push(`docker://${registry.host}/shop:1.0`);
    expect(outputs['digest'] === image.manifest.digest).toBe(isCopied);
    expect(failures).toEqual(isCopied ? [] : [expect.stringContaining('returned status 401 for a token')]);
    // One token serves all requests of the image.
    expect(registry.tokenRequests).toEqual(['POST refresh_token shop.azurecr.io repository:shop:pull']);
  });
});
