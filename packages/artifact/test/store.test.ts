import { readdirSync, writeFileSync } from 'node:fs';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import { fileArtifact, folderArtifact, textArtifact, zippedFileArtifact } from '../src/artifact.js';
import { digestOf } from '../src/digest.js';
import { ArtifactStore, type Destination } from '../src/store.js';
import { MemoryS3, s3Error } from '../src/testing/memory-s3.js';
import { Folder } from './folder.js';

const OWNER = '111122223333';
const destination: Destination = {
  bucket: 'shop',
  owner: OWNER,
  region: 'eu-central-1',
  prefix: 'artifacts',
  kmsKeyId: undefined,
};

const setUp = (change: Partial<Destination> = {}, s3 = new MemoryS3({ account: OWNER })) => {
  if (change.bucket === undefined) s3.add('shop');
  const store = new ArtifactStore({ ...destination, ...change }, { s3, clock: new VirtualClock() });
  return { s3, store };
};

const note = textArtifact('a note', 'hello', '.txt');

describe('ArtifactStore', () => {
  it('names an object by its content and says where it is', async () => {
    const { s3, store } = setUp();
    const stored = await store.put(note);
    const key = `artifacts/${digestOf('hello')}.txt`;
    expect(stored).toEqual({
      bucket: 'shop',
      key,
      uri: `s3://shop/${key}`,
      url: `https://s3.eu-central-1.amazonaws.com/shop/${key}`,
      by: 'upload',
    });
    expect(s3.object(stored)).toMatchObject({ bytes: Buffer.from('hello'), kmsKeyId: undefined });
  });

  it('puts objects at the root where there is no prefix', async () => {
    const { store } = setUp({ prefix: '' });
    expect((await store.put(note)).key).toBe(note.name);
  });

  it('brings nothing twice: not in one run, not in the next', async () => {
    const { s3, store } = setUp();
    await Promise.all([store.put(note), store.put(textArtifact('the same', 'hello', '.txt'))]);
    const next = new ArtifactStore(destination, { s3, clock: new VirtualClock() });
    expect((await next.put(note)).by).toBe('earlier-upload');
    expect(s3.calls.filter((call) => call.startsWith('put'))).toHaveLength(1);
  });

  it('encrypts with the key it is given', async () => {
    const { s3, store } = setUp({ kmsKeyId: 'alias/shop' });
    expect(s3.object(await store.put(note)).kmsKeyId).toBe('alias/shop');
  });

  it('uploads without a look where it may not look', async () => {
    const { store } = setUp({}, new MemoryS3({ account: OWNER, mayList: false }));
    expect((await store.put(note)).by).toBe('upload');
  });

  it('refuses a bucket of another account', async () => {
    const { s3, store } = setUp({ bucket: 'foreign' });
    s3.add('foreign', '999999999999');
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(
        /^a note cannot be stored as s3:\/\/foreign\/.*: AccessDenied.*s3:PutObject.*must belong to account 111122223333$/,
      ),
    });
  });

  it('says that a bucket does not exist', async () => {
    const { store } = setUp({ bucket: 'absent' });
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('bucket absent does not exist: create it, or name another'),
    });
  });

  it('says that a bucket is in another Region', async () => {
    const { s3, store } = setUp();
    s3.failNext('head', s3Error('PermanentRedirect', 301));
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('bucket shop is not in eu-central-1'),
    });
  });

  it('goes on after throttling, server errors and cut connections, each time from the first byte', async () => {
    using folder = await new Folder().plant({ a: 'content' });
    const { s3, store } = setUp();
    s3.failNext('head', s3Error('SlowDown', 503));
    s3.failNext('put', s3Error('InternalError', 500));
    s3.failNext('put', Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
    const stored = await store.put(await fileArtifact(folder.at('a')));
    expect(s3.object(stored).bytes.toString()).toBe('content');
    expect(s3.calls.filter((call) => call.startsWith('put'))).toHaveLength(3);
  });

  it('gives up in the end', async () => {
    const { s3, store } = setUp();
    for (let fault = 0; fault < 100; fault += 1) s3.failNext('put', s3Error('SlowDown', 503));
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/the upload of s3:\/\/shop.*SlowDown/),
    });
  });

  it('stops when the step is cancelled', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    const store = new ArtifactStore(destination, { s3, clock: new VirtualClock(), signal: AbortSignal.abort('stop') });
    await expect(store.put(note)).rejects.toMatchObject({ code: 'cancelled' });
    expect(s3.calls).toEqual([]);
  });

  it('prepares once, before the first artifact', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    const store = new ArtifactStore(destination, { s3, clock: new VirtualClock() }, async () => {
      s3.calls.push('prepare');
      s3.add('shop');
    });
    await Promise.all([store.put(note), store.put(textArtifact('another', 'text', ''))]);
    expect(s3.calls.filter((call) => call === 'prepare')).toHaveLength(1);
    expect(s3.calls[0]).toBe('prepare');
  });
});

describe('artifacts', () => {
  it('are archived only when they must be sent, and leave nothing behind', async () => {
    using folder = await new Folder().plant({ 'index.js': 'x' });
    using temporary = new Folder();
    const { s3, store } = setUp();
    const artifact = await folderArtifact(folder.path, { temporary: temporary.path });
    const stored = await store.put(artifact);
    expect(stored.key).toMatch(/^artifacts\/[0-9a-f]{64}\.zip$/);
    expect(s3.object(stored).bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(readdirSync(temporary.path)).toEqual([]);
    const next = new ArtifactStore(destination, { s3, clock: new VirtualClock() });
    const unwritable = await folderArtifact(folder.path, { temporary: folder.at('absent') });
    expect((await next.put(unwritable)).by).toBe('earlier-upload');
  });

  it('leave nothing behind when sending fails', async () => {
    using folder = await new Folder().plant({ 'index.js': 'x' });
    using temporary = new Folder();
    const { store } = setUp({ bucket: 'absent' });
    await expect(store.put(await folderArtifact(folder.path, { temporary: temporary.path }))).rejects.toThrow(/absent/);
    expect(readdirSync(temporary.path)).toEqual([]);
  });

  it('are other archives for a file alone and for a folder with more in it', async () => {
    using folder = await new Folder().plant({ 'index.js': 'x', 'other.js': 'y' });
    const alone = await zippedFileArtifact(folder.at('index.js'));
    expect(alone.name).toMatch(/^[0-9a-f]{64}\.zip$/);
    expect(alone.name).not.toBe((await folderArtifact(folder.path)).name);
  });

  it('keep the ending of a file', async () => {
    using folder = await new Folder().plant({ 'api.yaml': 'openapi' });
    const artifact = await fileArtifact(folder.at('api.yaml'));
    expect(artifact.name).toBe(`${digestOf('openapi')}.yaml`);
    writeFileSync(folder.at('api.yaml'), 'changed');
    expect((await fileArtifact(folder.at('api.yaml'))).name).not.toBe(artifact.name);
  });

  it('are not made of folders where a file is meant', async () => {
    using folder = new Folder();
    await expect(fileArtifact(folder.path)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('is not a file'),
    });
  });
});
