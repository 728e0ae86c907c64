/**
 * Text from outside (event reasons, findings, tags, branch names) on its way to a log or a single line. Everything
 * here returns text that is safe to print; Markdown, HTML and Mermaid have their own escapes in `markdown`.
 */

// Sequences a terminal would obey: CSI (`ESC [ … m`), OSC (`ESC ] … BEL`), string controls and two-character escapes,
// in their 7-bit and 8-bit forms. Removed as a whole, so that no `[31m` stays behind.
const ESCAPE_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/gu;

// C0 and C1 controls, bidirectional overrides and isolates (CVE-2021-42574), lone surrogates, and every character that
// Unicode lets software ignore: zero-width ones, joiners, tags, variation selectors. The last ones matter because
// GitHub's and Azure's agents search for commands with .NET's culture-sensitive IndexOf, which skips them, so that
// `#<zero-width space>#[…]` is a command. Tab and line feed stay.
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Default_Ignorable_Code_Point}|\p{Cs}/gu;

// Whatever some reader takes for the end of a line: a runner splits at a lone carriage return too.
const LINE_BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;

/** The text without anything a terminal obeys or an eye cannot see; line breaks of every kind become `\n`. */
export const sanitize = (text: string): string =>
  text.replace(LINE_BREAKS, '\n').replace(ESCAPE_SEQUENCES, '').replace(INVISIBLE, '');

/** One line: every run of white space becomes a space, and what exceeds `limit` UTF-16 units ends in `…`. */
export const toSingleLine = (text: string, limit = Number.POSITIVE_INFINITY): string => {
  const line = sanitize(text).replace(/\s+/gu, ' ').trim();
  return line.length <= limit ? line : `${truncate(line, Math.max(0, limit - 1))}…`;
};

/** The first `limit` UTF-16 units, never ending in half a character. */
export const truncate = (text: string, limit: number): string => {
  const truncated = text.slice(0, limit);
  return /[\ud800-\udbff]$/u.test(truncated) ? truncated.slice(0, -1) : truncated;
};

// GitHub's runner obeys `::command::` at the start of a trimmed line and `##[command]` anywhere in it (runner source,
// ActionCommand.TryParseV2 and TryParse); Azure's agent obeys `##vso[` anywhere; TeamCity `##teamcity[`.
const COMMAND_AT_START = /^(\s*):(?=:)/u;
const COMMAND_ANYWHERE = /##(?=\s*\w*\[)/gu;

const neutraliseCommands = (line: string): string =>
  line.replace(COMMAND_AT_START, '$1: ').replace(COMMAND_ANYWHERE, '# #');

/** Lines to print: visible text in which nothing is a workflow command of GitHub, Azure DevOps or TeamCity. */
export const toLogLines = (text: string): string[] => sanitize(text).split('\n').map(neutraliseCommands);
