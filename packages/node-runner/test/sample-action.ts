import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface SampleAction {
  /** Directory name; default `action-<number>`. */
  readonly name?: string;
  readonly inputs?: Record<string, { default?: string | boolean | number; required?: boolean; description?: string }>;
  readonly outputs?: Record<string, { description: string }>;
  readonly pre?: string;
  readonly main: string;
  readonly post?: string;
  readonly postIf?: string;
}

/** Functions available to the scripts of a sample action. */
const PRELUDE = `
import { appendFileSync } from 'node:fs';
const append = (kind, text) => appendFileSync(process.env['GITHUB_' + kind], text);
const say = (text) => process.stdout.write(text + '\\n');
`;

/** A temporary directory of sample actions. */
export class SampleActions {
  readonly directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'actions-'));
  private count = 0;

  /** Writes an action with the given scripts and returns its directory. */
  write({ name, inputs = {}, outputs = {}, postIf, ...scripts }: SampleAction): string {
    this.count += 1;
    const directory = join(this.directory, name ?? `action-${this.count}`);
    mkdirSync(directory);
    const runs: Record<string, string> = { using: 'node24', ...(postIf === undefined ? {} : { 'post-if': postIf }) };
    for (const [stage, code] of Object.entries(scripts)) {
      writeFileSync(join(directory, `${stage}.mjs`), `${PRELUDE}${code}\n`);
      runs[stage] = `${stage}.mjs`;
    }
    writeFileSync(join(directory, 'action.yml'), stringify({ name: 'sample', inputs, outputs, runs }));
    return directory;
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
