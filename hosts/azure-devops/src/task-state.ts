import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readUncollectedState } from '@aws-delivery/node-runner/commands/command-files';
import { z } from 'zod';
import type { Agent } from './agent.js';

const stateSchema = z.object({ state: z.record(z.string(), z.string()) });

/** The name under which the agent keeps the folder between main and post. */
const DIRECTORY_VARIABLE = 'AWS_DELIVERY_FOLDER';

/**
 * What post is to know of main: a private folder (RUNNER_TEMP of the action), and the state that the action saved. The
 * agent is told of the folder before anything happens, so that post finds it even where main was killed.
 */
export class TaskState implements Disposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** The beginning of a main. */
  static create(agent: Agent, temp: string): TaskState {
    mkdirSync(temp, { recursive: true });
    const taskState = new TaskState(mkdtempSync(join(realpathSync.native(temp), 'aws-delivery-')));
    agent.setTaskVariable(DIRECTORY_VARIABLE, taskState.directory);
    return taskState;
  }

  /** What a main left; undefined where there was none, or it has been cleared away. */
  static load(agent: Agent): TaskState | undefined {
    const directory = agent.getTaskVariable(DIRECTORY_VARIABLE);
    return directory !== undefined && existsSync(directory) ? new TaskState(directory) : undefined;
  }

  /** Remembers that the action has begun, or what it saved in the end. */
  save(state: Readonly<Record<string, string>>): void {
    writeFileSync(this.path, JSON.stringify({ state }), { mode: 0o600 });
  }

  /** The state that the action saved, even where it was killed; undefined where it never began. */
  get state(): Readonly<Record<string, string>> | undefined {
    if (!existsSync(this.path)) return undefined;
    const { state } = stateSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    return { ...state, ...readUncollectedState(this.directory) };
  }

  /** Removes the folder and everything in it. */
  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get path(): string {
    return join(this.directory, 'state.json');
  }
}
