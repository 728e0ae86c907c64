import { readFile } from 'node:fs/promises';
import { RunnerError, textOf } from '../runner-error.js';
import { type TokenSource, takeAudience } from './token-source.js';

/** A file that the host keeps a token in and may renew: read for every request. */
export class FileTokenSource implements TokenSource {
  readonly origin: string;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.origin = `the file '${path}'`;
  }

  remedy(_audience: string, has: readonly string[]): string {
    return takeAudience(has);
  }

  async mint(): Promise<string> {
    try {
      return (await readFile(this.#path, 'utf8')).trim();
    } catch (error) {
      const message = `${this.origin} cannot be read: ${textOf(error)}`;
      throw new RunnerError('token-unavailable', message, { cause: error });
    }
  }
}
