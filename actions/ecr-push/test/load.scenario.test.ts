import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { systemClock } from '@aws-delivery/action-kit/clock';
import { createNetwork } from '@aws-delivery/action-kit/network';
import { createMemoryLog } from '@aws-delivery/action-kit/testing/memory-log';
import { describe, expect, it } from '@jest/globals';
import { Authenticator } from '../src/oci/authenticator.js';
import { parseDigest } from '../src/oci/digest.js';
import { createExchange } from '../src/oci/exchange.js';
import { RegistryClient } from '../src/oci/registry-client.js';
import { imageOf, layerOf } from './helpers/image.js';
import { onStage, type Stage } from './helpers/stage.js';

const COUNT = 20;
const base = ['os', 'runtime', 'libraries'].map((name) => layerOf(name, 20_000));

/** Twenty images that share three layers and have one of their own. */
const plantImages = async (stage: Stage): Promise<readonly object[]> => {
  const images = Array.from({ length: COUNT }, (_, index) => index + 1);
  for (const index of images)
    await stage.layout(`image-${index}`, imageOf({ layers: [...base, layerOf(`own-${index}`)] }));
  return images.map((index) => ({ source: `oci:image-${index}`, repository: `app-${index}`, tags: ['1'] }));
};

const repositories = Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`app-${index + 1}`, {}]));

const pushAll = (mounting: 'ENABLED' | 'DISABLED', concurrency: number, latency: string) =>
  onStage({ ecr: { mounting, repositories } }, async (stage) => {
    const images = await plantImages(stage);
    stage.aws.setFaults([{ fault: 'latency', by: latency, service: 'registry' }]);
    const started = performance.now();
    const step = await stage.run({ inputs: { images: JSON.stringify(images), concurrency: String(concurrency) } });
    return { step, took: performance.now() - started };
  });

describe('twenty images that share layers', () => {
  it('send each shared blob once where the registry mounts', async () => {
    const { step } = await pushAll('ENABLED', 20, '1ms');
    expect(step.failures).toEqual([]);
    // Three shared layers, and of each image its own layer and its configuration.
    expect(step.operations.filter((name) => name === 'PutUpload')).toHaveLength(3 + 2 * COUNT);
  });

  it('send each blob once in a repository they share', async () => {
    await onStage({}, async (stage) => {
      const images = (await plantImages(stage)).map((image, index) => ({
        ...image,
        repository: 'app',
        tags: [`${index}`],
      }));
      const { operations, failures } = await stage.run({
        inputs: { images: JSON.stringify(images), concurrency: '20' },
      });
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(3 + 2 * COUNT);
    });
  });

  it('take at most 0.15 of their time one after the other, at 50 ms a request', async () => {
    const serial = await pushAll('DISABLED', 1, '50ms');
    const parallel = await pushAll('DISABLED', 20, '50ms');
    expect([...serial.step.failures, ...parallel.step.failures]).toEqual([]);
    expect(parallel.took / serial.took).toBeLessThanOrEqual(0.15);
  });
});

describe('a layer of one gigabyte', () => {
  it('needs less than 150 MB of memory', async () => {
    const size = 1e9;
    const piece = randomBytes(1e6);
    const hash = createHash('sha256');
    for (let sent = 0; sent < size; sent += piece.length) hash.update(piece);
    const digest = parseDigest(`sha256:${hash.digest('hex')}`, 'the layer');
    let received = 0;
    const server = createServer((request, response) => {
      request.on('data', (bytes: Buffer) => {
        received += bytes.length;
      });
      request.on('end', () => {
        const status = { HEAD: 404, POST: 202 }[request.method ?? ''] ?? 201;
        response.writeHead(status, { location: '/v2/app/blobs/uploads/1' }).end();
      });
    });
    const url = await new Promise<URL>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`));
      }),
    );
    const { signal } = new AbortController();
    const exchange = createExchange(createNetwork({ variables: {} }), signal);
    const patience = { clock: systemClock, signal, random: Math.random, log: createMemoryLog().log, attempts: 1 };
    const authenticator = new Authenticator({ credentials: async () => undefined, exchange, scheme: 'ask' });
    const client = new RegistryClient({ origin: url, exchange, authenticator, patience, access: 'pull,push' });
    const open = async function* () {
      for (let sent = 0; sent < size; sent += piece.length) yield piece;
    };
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const descriptor = { mediaType: 'layer', digest, size, platform: undefined, annotations: {} };
    expect(await client.push({ repository: 'app', descriptor, open, from: undefined })).toBe('uploaded');
    clearInterval(watch);
    server.closeAllConnections();
    server.close();
    expect(received).toBe(size);
    expect(most).toBeLessThan(150e6);
  });
});
