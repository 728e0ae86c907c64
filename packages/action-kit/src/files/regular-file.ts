import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { DeliveryError } from '../util/error.js';

/** Opening a named pipe waits for a writer; with O_NONBLOCK it does not. Windows has neither. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const describeType = (stats: Stats): string => {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
};

/**
 * Checks a path that comes from outside before it is read or written: a read from a named pipe may never end, and a
 * device must not be replaced.
 * @param label the path, or the variable and its path
 * @throws DeliveryError `rejected` for everything other than a regular file
 */
export const assertRegularFile = (label: string, stats: Stats): void => {
  if (stats.isFile()) return;
  throw new DeliveryError('rejected', `${label} is ${describeType(stats)}: use a regular file`);
};

/**
 * Opens a regular file; symbolic links are followed. The type is checked before the file is opened, since opening a
 * device can have effects, and again afterwards.
 * @throws DeliveryError `rejected` for another type; file system errors unchanged
 */
export const openRegularFile = async (path: string, flags = READ_FLAGS): Promise<FileHandle> => {
  assertRegularFile(`'${path}'`, await stat(path));
  const file = await open(path, flags | (constants.O_NONBLOCK ?? 0));
  try {
    assertRegularFile(`'${path}'`, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
};

/** Content of a regular file, see `openRegularFile`. */
export const readRegularFile = async (path: string): Promise<Buffer> => {
  const file = await openRegularFile(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
};

/** Content of a regular file, see `openRegularFile`. */
export const readRegularFileSync = (path: string): Buffer => {
  assertRegularFile(`'${path}'`, statSync(path));
  const descriptor = openSync(path, READ_FLAGS);
  try {
    assertRegularFile(`'${path}'`, fstatSync(descriptor));
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
