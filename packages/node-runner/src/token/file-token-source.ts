import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { RunnerError } from '../runner-error.js';
import { formatAudienceHint, type TokenSource } from './token-source.js';

/** A token file that the host may renew, read for every request. */
export class FileTokenSource implements TokenSource {
  readonly origin: string;
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
    this.origin = `the file '${path}'`;
  }

  getAudienceHint(_audience: string, audiences: readonly string[]): string {
    return formatAudienceHint(audiences);
  }

  async mint(): Promise<string> {
    try {
      return (await readRegularFile(this.path)).toString('utf8').trim();
    } catch (error) {
      const message = `cannot read ${this.origin}: ${errorMessage(error)}`;
      throw new RunnerError('token-unavailable', message, { cause: error });
    }
  }
}
