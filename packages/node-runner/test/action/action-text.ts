import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionFile, readActionFile } from '../../src/action/action-file.js';

export const MINIMAL_ACTION = "name: a\nruns: { using: node24, main: 'dist/main.js' }\n";

/** Reads the text as the action.yml of a temporary directory. */
export const readActionText = (content: string): ActionFile => {
  const directory = mkdtempSync(join(tmpdir(), 'action-file-'));
  try {
    writeFileSync(join(directory, 'action.yml'), content);
    return readActionFile(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
};
