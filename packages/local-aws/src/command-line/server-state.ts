import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** The port of a server in the background, unless another one is chosen. */
export const DEFAULT_PORT = 4580;

const stateSchema = z.strictObject({ pid: z.int().positive(), url: z.url() });

/** A server that `local-aws start` started. */
export type ServerState = z.output<typeof stateSchema>;

/** The state files of servers in the background, one for each port, and their logs. */
export class ServerStateDirectory {
  constructor(private readonly directory = join(homedir(), '.local', 'state', 'local-aws')) {}

  /** Returns undefined if there is no state file for this port, or one that is not valid. */
  read(port: number): ServerState | undefined {
    const path = this.getPath(port);
    if (!existsSync(path)) return undefined;
    try {
      return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (thrown) {
      if (thrown instanceof SyntaxError || thrown instanceof z.ZodError) return undefined;
      throw thrown;
    }
  }

  write(port: number, state: ServerState): void {
    this.create();
    writeFileSync(this.getPath(port), `${JSON.stringify(state)}\n`, { mode: 0o600 });
  }

  delete(port: number): void {
    rmSync(this.getPath(port), { force: true });
  }

  /** The path of the log of the server on this port; its directory exists. */
  createLogPath(port: number): string {
    this.create();
    return join(this.directory, `${port}.log`);
  }

  private create(): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
  }

  private getPath(port: number): string {
    return join(this.directory, `${port}.json`);
  }
}
