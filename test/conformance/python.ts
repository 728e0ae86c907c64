import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(new URL('../../.cache/python/bin/python', import.meta.url));

/** A Python with boto3, the AWS CLI and MiniStack: AWS_DELIVERY_PYTHON, or the one that `npm run setup` installs. */
export const findPython = (): string | undefined => {
  const named = process.env['AWS_DELIVERY_PYTHON'];
  return [named, OWN].find((path) => path !== undefined && path !== '' && existsSync(path));
};

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Python with nothing of the caller's environment but PATH and HOME, besides what is given. */
export const runPython = (
  python: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    };
    execFile(python, [...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
