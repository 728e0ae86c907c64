import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createDirectoryArtifact, createFileArtifact, createZippedFileArtifact } from '../src/artifact.js';
import { hashContent } from '../src/digest.js';
import { TempDirectory } from '../src/testing/temp-directory.js';

describe('artifacts', () => {
  it('have different names for a single file and its directory', async () => {
    using directory = await new TempDirectory().write({ 'index.js': 'x', 'other.js': 'y' });
    const alone = await createZippedFileArtifact(directory.resolvePath('index.js'));
    expect(alone.name).toMatch(/^[0-9a-f]{64}\.zip$/);
    expect(alone.name).not.toBe((await createDirectoryArtifact(directory.path)).name);
  });

  it('keep the file extension', async () => {
    using directory = await new TempDirectory().write({ 'api.yaml': 'openapi' });
    const artifact = await createFileArtifact(directory.resolvePath('api.yaml'));
    expect(artifact.name).toBe(`${hashContent('openapi')}.yaml`);
    writeFileSync(directory.resolvePath('api.yaml'), 'changed');
    expect((await createFileArtifact(directory.resolvePath('api.yaml'))).name).not.toBe(artifact.name);
  });

  it('reject a directory in place of a file', async () => {
    using directory = new TempDirectory();
    await expect(createFileArtifact(directory.path)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('is not a file'),
    });
  });
});
