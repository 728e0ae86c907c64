import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/command.mjs';

/** A fenced shell block of a document. */
export interface ShellBlock {
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** The commands, with continuation lines; comments and the output after a prompt are left out. */
  readonly commands: readonly string[];
  /** The text of the marker `<!-- commands: … -->` that applies to the block: how its commands are checked. */
  readonly checkedBy: string | undefined;
}

/** A fenced block, a marker, or a heading of the first or second level. */
const PART =
  /^(?<indent> *)```(?<language>\w*)\n(?<body>[\s\S]*?)^\k<indent>```|^ *<!-- commands: (?<marker>.+) -->|^(?<heading>##? )/gmu;
const SHELL_LANGUAGES = ['console', 'sh', 'bash', 'shell'];
const PROMPT = '$ ';

/** Whether a line continues the command before it: a backslash ends that command, or an opening brace is not closed. */
const isContinued = (command: string): boolean => {
  const count = (character: string): number => command.split(character).length - 1;
  return command.endsWith('\\') || count('{ ') > count('; }');
};

/** Removes a comment that begins after four spaces, as documents align them. */
const stripComment = (line: string): string => line.replace(/ {2,}# .*$/u, '');

const readCommands = (lines: readonly string[]): readonly string[] => {
  const hasPrompts = lines.some((line) => line.startsWith(PROMPT));
  const commands: string[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    if (last !== undefined && isContinued(last)) commands[commands.length - 1] = `${last}\n${stripComment(line)}`;
    else if (hasPrompts && line.startsWith(PROMPT)) commands.push(stripComment(line.slice(PROMPT.length)));
    else if (!hasPrompts && line.trim() !== '' && !line.startsWith('#')) commands.push(stripComment(line));
  }
  return commands;
};

/**
 * Reads the shell blocks of a document. A marker applies to the blocks after it, up to the next marker or the next
 * heading of the first or second level.
 */
export const readShellBlocks = (file: string): readonly ShellBlock[] => {
  const text = readFileSync(join(root, file), 'utf8');
  const blocks: ShellBlock[] = [];
  let checkedBy: string | undefined;
  for (const { index, groups = {} } of text.matchAll(PART)) {
    const { indent = '', language, body, marker, heading } = groups;
    if (heading !== undefined) checkedBy = undefined;
    else if (marker !== undefined) checkedBy = marker;
    else if (body !== undefined && SHELL_LANGUAGES.includes(language ?? '')) {
      const line = text.slice(0, index).split('\n').length;
      const lines = body.split('\n').map((each) => each.slice(indent.length));
      blocks.push({ line, commands: readCommands(lines), checkedBy });
    }
  }
  return blocks;
};
