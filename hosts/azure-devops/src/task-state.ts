import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readUncollectedState } from '@aws-delivery/node-runner/commands/command-files';
import { z } from 'zod';
import type { Agent } from './agent.js';

const stateSchema = z.object({ state: z.record(z.string(), z.string()) });

/** The task variable with the directory, set by main and read by post. */
const DIRECTORY_VARIABLE = 'AWS_DELIVERY_FOLDER';

/**
 * The state that main leaves for post: a private directory (RUNNER_TEMP of the action) with the action's saved state.
 * Main sets the task variable first, so that post finds the directory even if main was killed.
 */
export class TaskState implements Disposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Creates the directory at the start of main. */
  static create(agent: Agent, temp: string): TaskState {
    mkdirSync(temp, { recursive: true });
    const taskState = new TaskState(mkdtempSync(join(realpathSync.native(temp), 'aws-delivery-')));
    agent.setTaskVariable(DIRECTORY_VARIABLE, taskState.directory);
    return taskState;
  }

  /** The state that main left; undefined if there was no main or the directory was removed. */
  static load(agent: Agent): TaskState | undefined {
    const directory = agent.getTaskVariable(DIRECTORY_VARIABLE);
    return directory !== undefined && existsSync(directory) ? new TaskState(directory) : undefined;
  }

  /** Saves the state; an empty one records that the action has started. */
  save(state: Readonly<Record<string, string>>): void {
    writeFileSync(this.path, JSON.stringify({ state }), { mode: 0o600 });
  }

  /** The action's saved state, also of a killed action; undefined if it never started. */
  get state(): Readonly<Record<string, string>> | undefined {
    if (!existsSync(this.path)) return undefined;
    const { state } = stateSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    return { ...state, ...readUncollectedState(this.directory) };
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get path(): string {
    return join(this.directory, 'state.json');
  }
}
