import { RunnerError } from './runner-error.js';

const nextLine = (text: string, from: number): { line: string; end: number; next: number } | undefined => {
  if (from >= text.length) return undefined;
  const feed = text.indexOf('\n', from);
  if (feed < 0) return { line: text.slice(from), end: text.length, next: text.length };
  return { line: text.slice(from, feed), end: feed, next: feed + 1 };
};

interface Pair {
  readonly name: string;
  readonly value: string;
  /** Where the text after this pair starts. */
  readonly next: number;
}

const readHeredoc = (text: string, head: string, from: number): Pair => {
  const at = head.indexOf('<<');
  const [name, delimiter] = [head.slice(0, at), head.slice(at + 2)];
  if (name === '' || delimiter === '') {
    throw new RunnerError('file-command-invalid', `'${head}' needs a name before and a delimiter after '<<'`);
  }
  let end = from;
  for (let line = nextLine(text, from); line !== undefined; line = nextLine(text, line.next)) {
    if (line.line === delimiter) return { name, value: text.slice(from, Math.max(from, end)), next: line.next };
    end = line.end;
  }
  throw new RunnerError('file-command-invalid', `the value of '${name}' never ends: no line is '${delimiter}'`);
};

const readPair = (text: string, line: string, next: number): Pair => {
  const equals = line.indexOf('=');
  const heredoc = line.indexOf('<<');
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
    return { name: line.slice(0, equals), value: line.slice(equals + 1), next };
  }
  if (heredoc >= 0) return readHeredoc(text, line, next);
  throw new RunnerError('file-command-invalid', `'${line}' is neither name=value nor name<<delimiter`);
};

/**
 * Reads a GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE file as actions/runner `FileCommandManager.cs` does: `name=value`
 * lines and `name<<delimiter` blocks; the later of two equal names wins.
 * @param windows a line may end with CR LF there, and only there
 * @throws RunnerError `file-command-invalid`
 */
export const readPairs = (content: string, windows = process.platform === 'win32'): Record<string, string> => {
  const text = windows ? content.replaceAll('\r\n', '\n') : content;
  const pairs: Record<string, string> = {};
  for (let line = nextLine(text, 0); line !== undefined; ) {
    const pair: Pair =
      line.line === '' ? { name: '', value: '', next: line.next } : readPair(text, line.line, line.next);
    if (line.line !== '') pairs[pair.name] = pair.value;
    line = nextLine(text, pair.next);
  }
  return pairs;
};

/** Reads a GITHUB_PATH file: one folder a line. */
export const readPaths = (content: string): string[] => content.split(/\r?\n/).filter((line) => line !== '');
