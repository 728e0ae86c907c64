import { describe, expect, it } from '@jest/globals';
import { parseCommandLine } from '../../src/cli/parse-command-line.js';

describe('parseCommandLine', () => {
  it('separates options before the action name from inputs after it', () => {
    expect(parseCommandLine(['--outputs', 'a.env', '--outputs=b.json', 'deploy', '--name', 'shop'])).toEqual({
      options: { outputs: ['a.env', 'b.json'] },
      uses: [{ action: 'deploy', args: ['--name', 'shop'] }],
    });
  });

  it('accepts -h as --help', () => {
    expect(parseCommandLine(['-h'])).toEqual({ options: { help: ['true'] }, uses: [] });
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
    [['--frobnicate', 'deploy'], "unknown option '--frobnicate': see --help; inputs follow"],
    [['-v', 'deploy'], "unknown option '-v': see --help"],
    [['--outputs'], "option '--outputs' requires a value"],
    [['--summary', '--outputs', 'x', 'deploy'], "option '--summary' requires a value: add it, or write --summary=…"],
    [['--outputs=', 'deploy'], "option '--outputs' requires a value"],
    [['--help=yes'], "option '--help' takes no value: remove 'yes'"],
    [['deploy', '--'], "expected the name of an action after the last '--'"],
    [['--', 'deploy'], "expected the name of an action before and after '--'"],
    [['login', '--', '--', 'deploy'], "expected the name of an action before and after '--'"],
  ])('rejects %j', (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });
});
