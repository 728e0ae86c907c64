import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseDigest } from '../../src/image/digest.js';
import { parseManifest } from '../../src/image/manifest.js';
import { Authenticator } from '../../src/registry/authenticator.js';
import { RegistryClient } from '../../src/registry/registry-client.js';
import { createTransport } from '../../src/registry/transport.js';
import { type Blob, createImage } from '../image-fixtures.js';

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

const image = createImage();
const manifest = parseManifest(image.manifest.bytes, image.manifest.mediaType, 'the test');
const other = createImage({ command: 'other' });

describe('RegistryClient', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  const serve = async (handler: RequestHandler): Promise<URL> => {
    const server = createServer((request, response) => {
      request.resume().once('end', () => handler(request, response));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  };

  const connect = async (handler: RequestHandler) => {
    const clock = new VirtualClock({ start: 0 });
    const { signal } = new AbortController();
    const transport = createTransport(createNetwork({ env: {} }), signal);
    const retry = { clock, signal, random: () => 0, log: createFakeLog().log, maxAttempts: 3 };
    const credentials = async () => ({ username: 'AWS', password: 'secret' });
    const authenticator = new Authenticator({ getCredentials: credentials, transport, scheme: 'basic' });
    const origin = await serve(handler);
    return { clock, client: new RegistryClient({ origin, transport, authenticator, retry, access: 'pull,push' }) };
  };

  const sendManifest = (response: ServerResponse, { bytes, mediaType }: Blob, claimedDigest?: string): void => {
    const claim = claimedDigest === undefined ? {} : { 'docker-content-digest': claimedDigest };
    response.writeHead(200, { 'content-type': mediaType, ...claim }).end(bytes);
  };

  it('accepts a manifest with the digest in the response header', async () => {
    const { client } = await connect((_, response) => sendManifest(response, image.manifest, image.manifest.digest));
    expect(await client.findManifest('app', '1.0')).toMatchObject({
      kind: 'found',
      manifest: { digest: image.manifest.digest },
    });
  });

  it('rejects a manifest with another digest than in the response header', async () => {
    const { client } = await connect((_, response) => sendManifest(response, image.manifest, other.manifest.digest));
    const result = client.findManifest('app', '1.0');
    await expect(result).rejects.toThrow(`the registry sent a manifest with the digest ${image.manifest.digest}`);
  });

  it.each([undefined, other.manifest.digest])(
    'rejects a manifest with another digest than requested, with the response header %s',
    async (claimedDigest) => {
      const { client } = await connect((_, response) => sendManifest(response, other.manifest, claimedDigest));
      const result = client.findManifest('app', image.manifest.digest);
      await expect(result).rejects.toThrow(`the registry sent a manifest with the digest ${other.manifest.digest}`);
    },
  );

  describe('with an immutable tag, after a lost response', () => {
    const connectWithTag = (current: Blob) => {
      let putCount = 0;
      return connect(({ method }, response) => {
        if (method === 'GET') return sendManifest(response, current, current.digest);
        putCount += 1;
        if (putCount === 1) response.destroy();
        else response.writeHead(400).end('{"errors":[{"code":"TAG_INVALID","message":"immutable"}]}');
      });
    };

    it('accepts the tag if it has the same manifest', async () => {
      const { client } = await connectWithTag(image.manifest);
      expect(await client.putManifest('app', '1.0', manifest)).toBe(false);
    });

    it('rejects the tag if it has another manifest', async () => {
      const { client } = await connectWithTag(other.manifest);
      await expect(client.putManifest('app', '1.0', manifest)).rejects.toThrow('TAG_INVALID');
    });
  });

  it('rejects a confirmation with the digest of another manifest', async () => {
    const { client } = await connect((_, response) =>
      response.writeHead(201, { 'docker-content-digest': other.manifest.digest }).end(),
    );
    await expect(client.putManifest('app', '1.0', manifest)).rejects.toThrow(
      `stored it with the digest ${other.manifest.digest}`,
    );
  });

  it('rejects a confirmation with the digest of another blob', async () => {
    const { client } = await connect(({ method }, response) => {
      const status = { HEAD: 404, POST: 202, PUT: 201 }[method ?? ''] ?? 500;
      const headers = { location: '/v2/app/blobs/uploads/1', 'docker-content-digest': other.config.digest };
      response.writeHead(status, method === 'PUT' ? headers : { location: headers.location }).end();
    });
    const { bytes, ...rest } = image.config;
    const descriptor = { ...rest, digest: parseDigest(rest.digest, 'it'), platform: undefined, annotations: {} };
    const open = async function* () {
      yield bytes;
    };
    const pushing = client.pushBlob({ repository: 'app', descriptor, open, mountSource: undefined });
    await expect(pushing).rejects.toThrow('the registry stored it with the digest');
  });

  it('uploads only eight large blobs at a time', async () => {
    let active = 0;
    let peak = 0;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { client } = await connect((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else if (request.method === 'POST') response.writeHead(202, { location: '/v2/app/blobs/uploads/1' }).end();
      else response.writeHead(201).end();
    });
    const bytes = Buffer.alloc(2 * 1024 * 1024);
    const open = async function* () {
      active += 1;
      peak = Math.max(peak, active);
      if (active === 8) {
        // Further uploads would start meanwhile.
        for (let tick = 0; tick < 200; tick += 1) await new Promise((resolve) => setImmediate(resolve));
        release();
      }
      await released;
      yield bytes;
      active -= 1;
    };
    const descriptor = { mediaType: '', size: bytes.length, platform: undefined, annotations: {} };
    const uploads = Array.from({ length: 20 }, (_, index) => {
      const digest = parseDigest(`sha256:${String(index).padStart(64, '0')}`, 'the test');
      return client.pushBlob({
        repository: 'app',
        descriptor: { ...descriptor, digest },
        open,
        mountSource: undefined,
      });
    });
    expect(await Promise.all(uploads)).toEqual(Array.from({ length: 20 }, () => 'uploaded'));
    expect(peak).toBe(8);
  });

  it('waits for Retry-After', async () => {
    let requestCount = 0;
    const { client, clock } = await connect((_, response) => {
      requestCount += 1;
      if (requestCount === 1)
        response.writeHead(429, { 'retry-after': '7' }).end('{"errors":[{"code":"TOOMANYREQUESTS"}]}');
      else response.end(image.manifest.bytes);
    });
    expect((await client.findManifest('app', '1.0')).kind).toBe('found');
    expect(clock.now()).toBeGreaterThanOrEqual(7000);
  });

  it('gives up after the last attempt with the registry’s message', async () => {
    const { client } = await connect((_, response) =>
      response.writeHead(503).end('{"errors":[{"code":"UNAVAILABLE","message":"try later"}]}'),
    );
    await expect(client.findManifest('app', '1.0')).rejects.toThrow(
      'the registry returned status 503 (UNAVAILABLE: try later)',
    );
  });

  it('follows a redirect to blob storage without sending credentials there', async () => {
    const authorizations: (string | undefined)[] = [];
    const storage = await serve(({ headers }, response) => {
      authorizations.push(headers.authorization);
      response.end('content');
    });
    const { client } = await connect(({ headers }, response) => {
      authorizations.push(headers.authorization);
      response.writeHead(307, { location: storage.href }).end();
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of client.streamBlob('app', manifest.digest)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('content');
    expect(authorizations).toEqual([`Basic ${Buffer.from('AWS:secret').toString('base64')}`, undefined]);
  });

  it('stops following redirects in a circle', async () => {
    const { client } = await connect((_, response) => response.writeHead(307, { location: '/again' }).end());
    const reading = client.streamBlob('app', manifest.digest).next();
    await expect(reading).rejects.toThrow('redirects more than 5 times');
  });

  it('rejects a manifest over the size limit', async () => {
    const { client } = await connect((_, response) => response.end(Buffer.alloc(5 * 2 ** 20, 32)));
    await expect(client.findManifest('app', '1.0')).rejects.toThrow(
      'sent a response larger than the limit of 4194304 bytes',
    );
  });

  it('lists referrers page by page, at the registry itself', async () => {
    const entries = ['a', 'b', 'c'].map((command) => {
      const { mediaType, digest, size } = createImage({ command }).manifest;
      return { mediaType, digest, size };
    });
    const { client } = await connect((request, response) => {
      const page = Number(new URL(request.url ?? '', 'http://registry').searchParams.get('page') ?? 0);
      const link = page < 2 ? { link: `<http://elsewhere.example/v2/app?page=${page + 1}>; rel="next"` } : {};
      response.writeHead(200, link).end(JSON.stringify({ schemaVersion: 2, manifests: [entries[page]] }));
    });
    const subject = parseDigest(image.manifest.digest, 'the test');
    expect(await client.listReferrers('app', subject)).toMatchObject({ kind: 'listed', referrers: entries });
  });

  it('rejects a list of referrers that does not end', async () => {
    const { mediaType, digest, size } = image.manifest;
    const manifests = Array.from({ length: 600 }, () => ({ mediaType, digest, size }));
    const { client } = await connect((_, response) => {
      response.writeHead(200, { link: '</v2/app/referrers/x?page=1>; rel="next"' });
      response.end(JSON.stringify({ schemaVersion: 2, manifests }));
    });
    const subject = parseDigest(digest, 'the test');
    await expect(client.listReferrers('app', subject)).rejects.toThrow('more than 1000: delete those');
  });
});
