import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** A directory entry that is not a regular file. */
export interface SpecialFile {
  readonly path: string;
  /** As error messages name it. */
  readonly type: string;
}

/** The entries in a directory; `close` ends the listener of the socket. */
export interface SpecialFiles {
  readonly files: readonly SpecialFile[];
  close(): Promise<void>;
}

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(path, () => resolve(server));
  });

/** The null device under another name, where this user can create devices: only root can. */
const createDevice = (path: string): readonly SpecialFile[] => {
  if (process.getuid?.() !== 0) return [];
  try {
    execFileSync('mknod', [path, 'c', '1', '3'], { stdio: 'ignore' });
    return [{ path, type: 'a device' }];
  } catch {
    // A container without the capability.
    return [];
  }
};

/** Creates a directory, elsewhere than on Windows also a named pipe and a socket, and a device where possible. */
export const createSpecialFiles = async (directory: string): Promise<SpecialFiles> => {
  const getPath = (name: string): string => join(directory, name);
  mkdirSync(getPath('directory'));
  const directories = [{ path: getPath('directory'), type: 'a directory' }];
  if (process.platform === 'win32') return { files: directories, close: async () => undefined };
  execFileSync('mkfifo', [getPath('pipe')]);
  const server = await listen(getPath('socket'));
  return {
    files: [
      { path: getPath('pipe'), type: 'a named pipe' },
      { path: getPath('socket'), type: 'a socket' },
      ...directories,
      ...createDevice(getPath('device')),
    ],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
