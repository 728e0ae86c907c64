import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a test puts into a folder: a text, an executable text, or a link to somewhere. */
export type Planted = string | Buffer | { readonly run: string } | { readonly link: string };

/** A folder of its own for a test, gone after it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'artifact-test-'));

  at(name: string): string {
    return join(this.path, name);
  }

  async plant(files: Readonly<Record<string, Planted>>): Promise<this> {
    for (const [name, content] of Object.entries(files)) await this.put(this.at(name), content);
    return this;
  }

  private async put(path: string, content: Planted): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(path, content);
    else if ('link' in content) await symlink(content.link, path);
    else {
      await writeFile(path, content.run);
      await chmod(path, 0o744);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
