import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALLED_PYTHON = fileURLToPath(new URL('../../.cache/python/bin/python', import.meta.url));

/** A Python with boto3, the AWS CLI and MiniStack: AWS_DELIVERY_PYTHON, or the one that `npm run setup` installs. */
export const findPython = (): string | undefined => {
  const named = process.env['AWS_DELIVERY_PYTHON'];
  return [named, INSTALLED_PYTHON].find((path) => path !== undefined && path !== '' && existsSync(path));
};

export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Python with PATH, an empty HOME and `ownEnv`, and nothing else of the caller's environment. */
export const runPython = (
  python: string,
  args: readonly string[],
  ownEnv: Readonly<Record<string, string>>,
): Promise<ProcessResult> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...ownEnv,
    };
    execFile(python, [...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
