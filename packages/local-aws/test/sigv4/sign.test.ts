import { describe, expect, it } from '@jest/globals';
import { hashSha256, type SigningInput, sign, signChunk } from '../../src/sigv4/sign.js';

// The examples of "Signature calculations for the Authorization header" in the Amazon S3 API reference, figures included.

const EMPTY_HASH = hashSha256('');

const createInput = (
  fields: Partial<SigningInput> & { path?: string; query?: string; headers: Record<string, string>; method?: string },
): SigningInput => ({
  request: {
    method: fields.method ?? 'GET',
    path: fields.path ?? '/',
    query: fields.query ?? '',
    headers: { host: 'examplebucket.s3.amazonaws.com', ...fields.headers },
    body: Buffer.alloc(0),
  },
  signedHeaders: ['host', ...Object.keys(fields.headers)].sort(),
  payloadHash: fields.payloadHash ?? EMPTY_HASH,
  timestamp: '20130524T000000Z',
  region: 'us-east-1',
  service: 's3',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
});

const DATED = { 'x-amz-content-sha256': EMPTY_HASH, 'x-amz-date': '20130524T000000Z' };

describe('Signature Version 4', () => {
  it('signs a GET with a range', () => {
    expect(sign(createInput({ path: '/test.txt', headers: { ...DATED, range: 'bytes=0-9' } }))).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  it('signs a query parameter without a value', () => {
    expect(sign(createInput({ query: 'lifecycle', headers: DATED }))).toBe(
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    );
  });

  it('signs a listing with its parameters', () => {
    expect(sign(createInput({ query: 'prefix=J&max-keys=2', headers: DATED }))).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    );
  });

  it('signs a presigned URL', () => {
    const query =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=ignored';
    expect(sign(createInput({ path: '/test.txt', query, headers: {}, payloadHash: 'UNSIGNED-PAYLOAD' }))).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  it('signs each chunk of a streamed body with the signature before it', () => {
    const seed = createInput({
      method: 'PUT',
      path: '/examplebucket/chunkObject.txt',
      payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      headers: {
        host: 's3.amazonaws.com',
        'content-encoding': 'aws-chunked',
        'content-length': '66824',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-date': '20130524T000000Z',
        'x-amz-decoded-content-length': '66560',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
    });
    const streamed = { ...seed, signedHeaders: [...new Set(seed.signedHeaders)] };
    const first = sign(streamed);
    expect(first).toBe('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9');
    const second = signChunk(streamed, first, Buffer.alloc(65_536, 'a'));
    expect(second).toBe('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648');
    const third = signChunk(streamed, second, Buffer.alloc(1024, 'a'));
    expect(third).toBe('0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497');
    expect(signChunk(streamed, third, Buffer.alloc(0))).toBe(
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    );
  });
});
