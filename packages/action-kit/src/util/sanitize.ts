/**
 * Sanitizes untrusted text (event reasons, findings, tags, branch names) for logs and single lines. Escapes for
 * Markdown, HTML and Mermaid are in `report/`.
 */

// Terminal control sequences: CSI (`ESC [ … m`), OSC (`ESC ] … BEL`), string controls and two-character escapes, in
// their 7-bit and 8-bit forms. Removed as a whole, so that no `[31m` remains.
const ESCAPE_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/gu;

// C0 and C1 controls, bidirectional overrides and isolates (CVE-2021-42574), lone surrogates, default-ignorable code
// points: zero-width characters, joiners, tags, variation selectors. GitHub's and Azure's agents search for commands
// with .NET's culture-sensitive IndexOf, which skips ignorable characters, so that `#<zero-width space>#[…]` would be a
// command. Tab and line feed are kept.
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Default_Ignorable_Code_Point}|\p{Cs}/gu;

// Every line break that some reader recognises: runners also split at a lone carriage return.
const LINE_BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;

/** ASCII without control characters, which most texts are: reports sanitize hundreds of thousands. */
const PLAIN = /^[\t\n -~]*$/u;

/** Removes control sequences and invisible characters; all line breaks become `\n`. */
export const sanitize = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(LINE_BREAKS, '\n').replace(ESCAPE_SEQUENCES, '').replace(INVISIBLE, '');

/** A single line: white space is collapsed, and text beyond `limit` UTF-16 units is replaced with `…`. */
export const toSingleLine = (text: string, limit = Number.POSITIVE_INFINITY): string => {
  const line = sanitize(text).replace(/\s+/gu, ' ').trim();
  return line.length <= limit ? line : `${truncate(line, Math.max(0, limit - 1))}…`;
};

/** The first `limit` UTF-16 units, without splitting a surrogate pair. */
export const truncate = (text: string, limit: number): string => {
  const truncated = text.slice(0, limit);
  return /[\ud800-\udbff]$/u.test(truncated) ? truncated.slice(0, -1) : truncated;
};

// GitHub's runner executes `::command::` at the start of a trimmed line and `##[command]` anywhere in it (runner source,
// ActionCommand.TryParseV2 and TryParse); Azure's agent executes `##vso[` anywhere; TeamCity `##teamcity[`.
const COMMAND_AT_START = /^(\s*):(?=:)/u;
const COMMAND_ANYWHERE = /##(?=\s*\w*\[)/gu;

const neutraliseCommands = (line: string): string =>
  line.replace(COMMAND_AT_START, '$1: ').replace(COMMAND_ANYWHERE, '# #');

/** Sanitized lines without workflow commands of GitHub, Azure DevOps or TeamCity. */
export const toLogLines = (text: string): string[] => sanitize(text).split('\n').map(neutraliseCommands);

/** Sanitized text without workflow commands; line breaks are kept. */
export const sanitizeLog = (text: string): string => toLogLines(text).join('\n');
