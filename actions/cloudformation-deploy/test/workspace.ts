import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FakeS3 } from '@aws-delivery/aws/testing/fake-s3';
import { SourceReader } from '../src/template/source-reader.js';

/** A temporary workspace with files, deleted on disposal. */
export class Workspace {
  readonly path = mkdtempSync(join(tmpdir(), 'workspace-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  resolvePath(name: string): string {
    return join(this.path, name);
  }

  write(name: string, content: string): void {
    mkdirSync(dirname(this.resolvePath(name)), { recursive: true });
    writeFileSync(this.resolvePath(name), content);
  }

  createSourceReader(s3: FakeS3): SourceReader {
    return new SourceReader({ workspace: this.path, getS3: () => s3 });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
