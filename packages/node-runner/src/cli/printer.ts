import type { Writable } from 'node:stream';

/**
 * Prints to a stream until its reader is gone, for example `head` or a closed terminal. The job continues without it:
 * its post steps must run.
 */
export const createPrinter = (stream: Writable): ((text: string) => void) => {
  let isOpen = true;
  stream.on('error', () => {
    isOpen = false;
  });
  return (text) => {
    if (isOpen) stream.write(text);
  };
};
