import { posix, win32 } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Credentials, formatExpiration } from '../role/credentials.js';

/** Where the pieces of a credential process lie on this machine. */
export interface ProcessFiles {
  /** The running node: later steps may have none, or another, on their PATH. */
  readonly node: string;
  readonly script: string;
}

const quoteForShell = (path: string): string => `"${path.replaceAll(/[\\$`"]/gu, '\\$&')}"`;

/** For cmd.exe, where no path holds a double quote and a backslash is a backslash. */
const quoteForWindows = (path: string): string => `"${path}"`;

/** The command line of the credential process. SDKs hand it to a shell, or split it as one would. */
export const buildProcessCommand = (
  { node, script }: ProcessFiles,
  statePath: string,
  platform: NodeJS.Platform = process.platform,
): string => {
  const quote = platform === 'win32' ? quoteForWindows : quoteForShell;
  return [node, script, statePath].map(quote).join(' ');
};

/** The credential process lies beside the script that runs. */
export const locateProcessFiles = (
  node: string,
  scriptPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
): ProcessFiles => {
  const { dirname, join } = platform === 'win32' ? win32 : posix;
  return { node, script: join(dirname(scriptPath ?? ''), 'credential-process.js') };
};

/** What a credential process prints. https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export const formatProcessOutput = (credentials: Credentials): string => {
  const expiration = formatExpiration(credentials);
  if (expiration === undefined) throw new DeliveryError('unexpected', 'a session has no end');
  return JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: expiration,
  });
};
