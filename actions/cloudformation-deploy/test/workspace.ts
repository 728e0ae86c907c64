import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MemoryS3 } from '@aws-delivery/artifact/testing/memory-s3';
import { TextSource } from '../src/text-source.js';

/** A workspace with files for a test, gone after it. */
export class Workspace {
  readonly path = mkdtempSync(join(tmpdir(), 'workspace-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, content: string): void {
    mkdirSync(dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), content);
  }

  texts(s3: MemoryS3): TextSource {
    return new TextSource({ workspace: this.path, s3: () => s3 });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
