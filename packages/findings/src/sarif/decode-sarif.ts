import { gunzipSync } from 'node:zlib';

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The encoding by byte order mark or, without one, by the zero byte beside the first character of the JSON text; UTF-8
 * otherwise. Windows PowerShell redirects output as UTF-16.
 */
const detectEncoding = ([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' => {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
};

/**
 * Decodes the bytes of a SARIF file: UTF-8 or UTF-16, optionally compressed with gzip. A byte order mark is removed.
 * @param maxBytes limit of the decompressed size
 * @throws RangeError for a larger file, Error for damaged gzip data
 */
export const decodeSarif = (bytes: Uint8Array, maxBytes: number): string => {
  const content = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes;
  return new TextDecoder(detectEncoding(content)).decode(content);
};
