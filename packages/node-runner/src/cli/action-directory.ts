import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { readActionFile } from '../action/action-file.js';
import { createUsageError } from '../runner-error.js';
import type { NamedAction } from './action-inputs.js';

const isAction = (directory: string): boolean => existsSync(join(directory, 'action.yml'));

/** A directory whose subdirectories contain an `action.yml`. */
export class ActionDirectory {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws RunnerError `usage` if there are none */
  listActions(): readonly NamedAction[] {
    return this.listNames().map((name) => this.read(name));
  }

  /** @throws RunnerError `usage` for an unknown name */
  find(name: string): NamedAction {
    const names = this.listNames();
    if (names.includes(name)) return this.read(name);
    const suggestion = suggestClosest(name, names);
    const hint =
      suggestion === undefined ? `expected one of ${names.join(', ')}` : `did you mean '${suggestion.name}'?`;
    throw createUsageError(`unknown action '${name}': ${hint}`);
  }

  private read(name: string): NamedAction {
    return { name, file: readActionFile(join(this.path, name)) };
  }

  private listNames(): readonly string[] {
    const entries = existsSync(this.path) ? readdirSync(this.path).sort() : [];
    const names = entries.filter((name) => isAction(join(this.path, name)));
    if (names.length > 0) return names;
    throw createUsageError(`no actions found in '${this.path}': set their directory with --actions`);
  }
}
