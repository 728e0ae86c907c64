import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '@aws-delivery/action-kit/nearest';
import { readActionFile } from '../action-file.js';
import { RunnerError } from '../runner-error.js';
import type { NamedAction } from './action-inputs.js';

const isAction = (folder: string): boolean => existsSync(join(folder, 'action.yml'));

/** The folder with an `action.yml` in each of its folders. */
export class ActionFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws RunnerError `usage` where there are none */
  all(): readonly NamedAction[] {
    return this.#names().map((name) => this.#read(name));
  }

  /** @throws RunnerError `usage` for a name that is no action's */
  find(name: string): NamedAction {
    const names = this.#names();
    if (names.includes(name)) return this.#read(name);
    const near = nearest(name, names);
    const remedy = near === undefined ? `one of ${names.join(', ')}` : `did you mean '${near.name}'?`;
    throw new RunnerError('usage', `unknown action '${name}': ${remedy}`);
  }

  #read(name: string): NamedAction {
    return { name, file: readActionFile(join(this.#path, name)) };
  }

  #names(): readonly string[] {
    const children = existsSync(this.#path) ? readdirSync(this.#path).sort() : [];
    const names = children.filter((name) => isAction(join(this.#path, name)));
    if (names.length > 0) return names;
    throw new RunnerError('usage', `there are no actions in '${this.#path}': say where they lie with --actions`);
  }
}
