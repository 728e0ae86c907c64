import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from '../../src/cli/parse-command-line.js';

describe('parseCommandLine', () => {
  it('separates options before the action name from inputs after it', () => {
    expect(parseCommandLine(['--outputs', 'a.env', '--outputs=b.json', 'deploy', '--name', 'shop'])).toEqual({
      options: { outputs: ['a.env', 'b.json'] },
      uses: [{ action: 'deploy', args: ['--name', 'shop'] }],
    });
  });

  it('separates several actions at --', () => {
    expect(parseCommandLine(['login', '--role', 'r', '--', 'look', '--', 'deploy']).uses).toEqual([
      { action: 'login', args: ['--role', 'r'] },
      { action: 'look', args: [] },
      { action: 'deploy', args: [] },
    ]);
  });

  it.each([
    [['--output', 'x', 'deploy'], "unknown option '--output': did you mean '--outputs'?"],
    [['--frobnicate', 'deploy'], "unknown option '--frobnicate': see --help; inputs stand after"],
    [['--outputs'], "option '--outputs' needs a value"],
    [['--summary', '--outputs', 'x', 'deploy'], "option '--summary' needs a value: add it, or write --summary=…"],
    [['--outputs=', 'deploy'], "option '--outputs' needs a value"],
    [['--help=yes'], "option '--help' takes no value: drop 'yes'"],
    [['deploy', '--'], "an action's name is missing after the last '--'"],
    [['--', 'deploy'], "an action's name is missing before or after '--'"],
    [['login', '--', '--', 'deploy'], "an action's name is missing before or after '--'"],
  ])('rejects %j', (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});
