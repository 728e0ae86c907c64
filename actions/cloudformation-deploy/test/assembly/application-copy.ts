import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const APPLICATION = join(import.meta.dirname, 'application.tgz');

/** The parts of manifests that tests change. */
interface Manifest {
  version?: string;
  missing?: unknown[];
  artifacts?: Record<
    string,
    { type: string; dependencies?: string[]; properties?: Record<string, unknown>; metadata?: unknown }
  >;
  dockerImages?: Record<
    string,
    { source: Record<string, unknown>; destinations: Record<string, Record<string, unknown>> }
  >;
  files?: Record<string, { source: Record<string, unknown>; destinations: Record<string, Record<string, unknown>> }>;
  Resources?: Record<string, unknown>;
}

/** A copy of the synthesised application whose files tests may change, deleted on disposal. */
export class ApplicationCopy {
  readonly path = mkdtempSync(join(tmpdir(), 'application-'));

  constructor() {
    execFileSync('tar', ['-xzf', APPLICATION, '-C', this.path]);
  }

  edit(name: string, change: (content: Manifest) => void): void {
    const path = join(this.path, name);
    const content: Manifest = JSON.parse(readFileSync(path, 'utf8'));
    change(content);
    writeFileSync(path, JSON.stringify(content));
  }

  /** Changes the properties of a stack in the manifest. */
  editStack(id: string, properties: Readonly<Record<string, unknown>>): void {
    this.edit('manifest.json', ({ artifacts }) => Object.assign(artifacts?.[id]?.properties ?? {}, properties));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
