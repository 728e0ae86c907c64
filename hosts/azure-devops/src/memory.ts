import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftState } from '@aws-delivery/node-runner/command-files';
import { z } from 'zod';
import type { Agent } from './agent.js';

const schema = z.object({ state: z.record(z.string(), z.string()) });

/** The name under which the agent keeps the folder between main and post. */
const variable = 'AWS_DELIVERY_FOLDER';

/**
 * What post is to know of main: a private folder (RUNNER_TEMP of the action), and the state that the action saved. The
 * agent is told of the folder before anything happens, so that post finds it even where main was killed.
 */
export class Memory implements Disposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** The beginning of a main. */
  static begin(agent: Agent, temp: string): Memory {
    mkdirSync(temp, { recursive: true });
    const memory = new Memory(mkdtempSync(join(realpathSync.native(temp), 'aws-delivery-')));
    agent.remember(variable, memory.folder);
    return memory;
  }

  /** What a main left; undefined where there was none, or it has been cleared away. */
  static recall(agent: Agent): Memory | undefined {
    const folder = agent.recall(variable);
    return folder !== undefined && existsSync(folder) ? new Memory(folder) : undefined;
  }

  /** Remembers that the action has begun, or what it saved in the end. */
  keep(state: Readonly<Record<string, string>>): void {
    writeFileSync(this.#path, JSON.stringify({ state }), { mode: 0o600 });
  }

  /** The state that the action saved, even where it was killed; undefined where it never began. */
  get state(): Readonly<Record<string, string>> | undefined {
    if (!existsSync(this.#path)) return undefined;
    const { state } = schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    return { ...state, ...leftState(this.folder) };
  }

  /** Removes the folder and everything in it. */
  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #path(): string {
    return join(this.folder, 'state.json');
  }
}
