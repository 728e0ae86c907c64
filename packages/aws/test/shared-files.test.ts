import { mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetwork } from '@aws-delivery/action-kit/http/network';
import { createSpecialFiles, type SpecialFiles } from '@aws-delivery/action-kit/testing/special-files';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClientConfig } from '../src/client-options.js';
import { assertReadableFiles, locateSharedFiles } from '../src/shared-files.js';

describe('the shared configuration files', () => {
  it.each([
    [{ HOME: '/h' }, { credentials: join('/h', '.aws', 'credentials'), config: join('/h', '.aws', 'config') }],
    [
      { HOME: '/h', AWS_CONFIG_FILE: '~/c', AWS_SHARED_CREDENTIALS_FILE: '/k' },
      { credentials: '/k', config: '/h/c' },
    ],
    [
      { USERPROFILE: '/u', AWS_CONFIG_FILE: '~x' },
      { credentials: join('/u', '.aws', 'credentials'), config: '~x' },
    ],
  ])('of %j are located', (env, files) => {
    expect(locateSharedFiles(env)).toEqual(files);
  });

  describe('before a client reads them', () => {
    let directory: string;
    let special: SpecialFiles;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'shared-files-'));
      special = await createSpecialFiles(directory);
    });
    afterEach(async () => {
      await special.close();
      await rm(directory, { recursive: true });
    });

    it.each([
      'AWS_CONFIG_FILE',
      'AWS_SHARED_CREDENTIALS_FILE',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    ])('are rejected by their type in %s', (variable) => {
      for (const { path, type } of special.files) {
        const env = { HOME: directory, [variable]: path };
        expect(() => assertReadableFiles(env)).toThrow(`${variable} '${path}' is ${type}: use a regular file`);
      }
    });

    it('are accepted when absent, unset or the null device', () => {
      const env = { HOME: directory, AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: join(directory, 'absent') };
      expect(() => assertReadableFiles(env)).not.toThrow();
    });

    it('are checked for every client', () => {
      const env = { HOME: directory, AWS_CONFIG_FILE: join(directory, 'directory') };
      const network = createNetwork({ env: {} });
      expect(() =>
        createClientConfig({ network, clock: new VirtualClock(), action: 'test', env, region: 'eu-west-1' }),
      ).toThrow("directory' is a directory");
      network.close();
    });
  });
});
