import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Content of a test file: text or bytes, an executable script, or a symbolic link. */
export type FileContent = string | Buffer | { readonly run: string } | { readonly link: string };

/** A temporary directory for a test, removed on dispose. */
export class TempDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'artifact-test-'));

  resolvePath(name: string): string {
    return join(this.path, name);
  }

  async write(files: Readonly<Record<string, FileContent>>): Promise<this> {
    for (const [name, content] of Object.entries(files)) await this.writeEntry(this.resolvePath(name), content);
    return this;
  }

  private async writeEntry(path: string, content: FileContent): Promise<void> {
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
