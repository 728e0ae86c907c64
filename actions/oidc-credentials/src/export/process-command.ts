import { posix, win32 } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Credentials, formatExpiration } from '../role/credentials.js';

/** Paths of the credential process. */
export interface ProcessFiles {
  /** The current Node.js: later steps may have none or another one on their PATH. */
  readonly node: string;
  readonly script: string;
}

const quoteForShell = (path: string): string => `"${path.replaceAll(/[\\$`"]/gu, '\\$&')}"`;

/** Quotes for cmd.exe: paths contain no double quotes there, and backslashes are literal. */
const quoteForWindows = (path: string): string => `"${path}"`;

/** Command line of the credential process. SDKs run it in a shell or split it by a shell's rules. */
export const buildProcessCommand = (
  { node, script }: ProcessFiles,
  statePath: string,
  platform: NodeJS.Platform = process.platform,
): string => {
  const quote = platform === 'win32' ? quoteForWindows : quoteForShell;
  return [node, script, statePath].map(quote).join(' ');
};

/** Paths of the credential process, which is in the directory of the running script. */
export const locateProcessFiles = (
  node: string,
  scriptPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
): ProcessFiles => {
  const { dirname, join } = platform === 'win32' ? win32 : posix;
  return { node, script: join(dirname(scriptPath ?? ''), 'credential-process.js') };
};

/** Output of a credential process. https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export const formatProcessOutput = (credentials: Credentials): string => {
  const expiration = formatExpiration(credentials);
  if (expiration === undefined) throw new DeliveryError('unexpected', 'the session has no expiration time');
  return JSON.stringify({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: expiration,
  });
};
