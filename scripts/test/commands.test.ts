import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readShellBlocks, type ShellBlock } from '../../test/shell-blocks.js';
import { listFiles, root } from '../command.mjs';

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const CLONE = /^git clone (?:--depth 1 )?https:\/\/github\.com\/aws-delivery\/suite\b/u;
const NPM_SCRIPT = /^(?:[A-Z_]+=\S+ )*npm (?:run )?(?<name>[\w:-]+)/u;

/** The script file that an npm command runs. */
const findScriptFile = (command: string): string | undefined => {
  const name = NPM_SCRIPT.exec(command)?.groups?.['name'] ?? '';
  return scripts[name]?.split(' ').find((word) => word.endsWith('.mjs'));
};

/** Whether a test or CI script runs a command: it reads the document, or runs the same script file. */
const runsCommand = (evidence: string, command: string, document: string): boolean => {
  const text = readFileSync(join(root, evidence), 'utf8');
  if (text.includes(document) || CLONE.test(command)) return true;
  const file = findScriptFile(command);
  if (file === undefined) return false;
  return text.includes(file) || text.split('\n').some((line) => findScriptFile(line.trim()) === file);
};

/** Why the commands of a block are not known to be checked; undefined if they are. */
const findIssue = (document: string, { checkedBy, commands }: ShellBlock): string | undefined => {
  if (commands.length === 0) return 'has no commands: begin them with "$ " in a console block';
  if (checkedBy === undefined)
    return 'has no marker: write <!-- commands: test/… --> or <!-- commands: needs a real account --> before it';
  if (checkedBy.startsWith('needs ')) return undefined;
  const evidence = checkedBy.split(', ');
  const missing = evidence.find((file) => !existsSync(join(root, file)));
  if (missing !== undefined) return `is checked by ${missing}, which does not exist`;
  const unchecked = commands.find((command) => !evidence.some((file) => runsCommand(file, command, document)));
  return unchecked === undefined ? undefined : `has a command that ${checkedBy} does not run: ${unchecked}`;
};

const documents = await listFiles('*.md');
const cases = documents
  .filter((document) => !document.includes('/golden/'))
  .flatMap((document) =>
    readShellBlocks(document).map((block) => ({ name: `${document}:${block.line}`, document, block })),
  );

describe('shell commands in documents', () => {
  it('are found', () => expect(cases.length).toBeGreaterThan(15));

  it.each(cases)('are run by a test, or marked as needing something that tests lack: $name', ({ document, block }) => {
    expect(findIssue(document, block) ?? 'checked').toBe('checked');
  });
});

describe('the check itself', () => {
  const block = (checkedBy: string | undefined, ...commands: readonly string[]): ShellBlock => ({
    line: 1,
    commands,
    checkedBy,
  });

  it.each([
    ['without a marker', block(undefined, 'npm test'), 'has no marker'],
    ['without commands', block('needs a real account'), 'has no commands'],
    ['with an unknown test', block('test/none.test.ts', 'npm test'), 'does not exist'],
    [
      'with a command that the test does not run',
      block('test/e2e/demo.test.ts', 'npm run bench'),
      'does not run: npm run bench',
    ],
  ])('rejects a block %s', (_, value, message) => {
    expect(findIssue('README.md', value)).toContain(message);
  });

  it.each([
    ['an npm script that CI runs', block('.ci/run', 'npm test')],
    ['the file of an npm script', block('test/e2e/demo.test.ts', 'npm run demo')],
    ['a real account', block('needs a real account', 'aws s3 ls')],
  ])('accepts %s', (_, value) => {
    expect(findIssue('README.md', value)).toBeUndefined();
  });
});
