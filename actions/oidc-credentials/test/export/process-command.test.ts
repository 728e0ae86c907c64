import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { buildProcessCommand, formatProcessOutput, locateProcessFiles } from '../../src/export/process-command.js';

describe('the command of the credential process', () => {
  it.each(['/opt/my node/bin/node', '/tmp/$HOME/`x`', '/tmp/a"b\\c'])('is quoted for a shell: %s', (node) => {
    const command = buildProcessCommand({ node, script: '/a b/s.js' }, '/r "x".json', 'linux');
    const args = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
    expect(args.trimEnd().split('\n')).toEqual([node, '/a b/s.js', '/r "x".json']);
  });

  it('is quoted for Windows', () => {
    const files = locateProcessFiles('C:\\Program Files\\node.exe', 'D:\\a\\_actions\\x y\\dist\\main.js', 'win32');
    expect(buildProcessCommand(files, 'D:\\a\\_temp\\renewal-state.json', 'win32')).toBe(
      '"C:\\Program Files\\node.exe" "D:\\a\\_actions\\x y\\dist\\credential-process.js" "D:\\a\\_temp\\renewal-state.json"',
    );
  });
});

describe('the output of the credential process', () => {
  it('has the format that SDKs read', () => {
    const expiration = Date.UTC(2026, 0, 2);
    const credentials = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiration };
    expect(JSON.parse(formatProcessOutput(credentials))).toEqual({
      Version: 1,
      AccessKeyId: 'ASIA',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: '2026-01-02T00:00:00.000Z',
    });
  });

  it('is rejected for credentials without an expiration', () => {
    expect(() => formatProcessOutput({ accessKeyId: 'AKIA', secretAccessKey: 's' })).toThrow(
      'the session has no expiration time',
    );
  });
});
