import { RunnerError } from '../runner-error.js';

const readLine = (content: string, from: number): { line: string; end: number; next: number } | undefined => {
  if (from >= content.length) return undefined;
  const newline = content.indexOf('\n', from);
  if (newline < 0) return { line: content.slice(from), end: content.length, next: content.length };
  return { line: content.slice(from, newline), end: newline, next: newline + 1 };
};

interface Pair {
  readonly name: string;
  readonly value: string;
  /** Offset of the text after this pair. */
  readonly next: number;
}

const readHeredoc = (content: string, header: string, from: number): Pair => {
  const at = header.indexOf('<<');
  const [name, delimiter] = [header.slice(0, at), header.slice(at + 2)];
  if (name === '' || delimiter === '') {
    throw new RunnerError('file-command-invalid', `'${header}' requires a name before '<<' and a delimiter after it`);
  }
  let end = from;
  for (let line = readLine(content, from); line !== undefined; line = readLine(content, line.next)) {
    if (line.line === delimiter) return { name, value: content.slice(from, Math.max(from, end)), next: line.next };
    end = line.end;
  }
  throw new RunnerError(
    'file-command-invalid',
    `the value of '${name}' has no end: expected a line with '${delimiter}'`,
  );
};

const readPair = (content: string, line: string, next: number): Pair => {
  const equals = line.indexOf('=');
  const heredoc = line.indexOf('<<');
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
    return { name: line.slice(0, equals), value: line.slice(equals + 1), next };
  }
  if (heredoc >= 0) return readHeredoc(content, line, next);
  throw new RunnerError('file-command-invalid', `'${line}' must be name=value or name<<delimiter`);
};

/**
 * Parses a GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE file as actions/runner `FileCommandManager.cs` does: `name=value`
 * lines and `name<<delimiter` blocks; the last value of a name wins.
 * @param windows whether lines may end with CR LF
 * @throws RunnerError `file-command-invalid`
 */
export const readPairs = (content: string, windows = process.platform === 'win32'): Record<string, string> => {
  const normalized = windows ? content.replaceAll('\r\n', '\n') : content;
  const pairs: Record<string, string> = {};
  for (let line = readLine(normalized, 0); line !== undefined; ) {
    const pair: Pair =
      line.line === '' ? { name: '', value: '', next: line.next } : readPair(normalized, line.line, line.next);
    if (line.line !== '') pairs[pair.name] = pair.value;
    line = readLine(normalized, pair.next);
  }
  return pairs;
};

/** Parses a GITHUB_PATH file: one directory per line. */
export const readPaths = (content: string): string[] => content.split(/\r?\n/).filter((line) => line !== '');
