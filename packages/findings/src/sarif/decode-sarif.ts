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

const hasByteOrderMark = ([first, second, third]: Uint8Array): boolean =>
  first === 0xef && second === 0xbb && third === 0xbf;

/**
 * Converts the bytes of a SARIF file to UTF-8 without a byte order mark. They are UTF-8 or UTF-16, optionally compressed
 * with gzip.
 * @param maxBytes limit of the decompressed size
 * @throws RangeError for a larger file, Error for damaged gzip data
 */
export const decodeSarif = (bytes: Buffer, maxBytes: number): Buffer => {
  const content = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes;
  const encoding = detectEncoding(content);
  if (encoding !== 'utf-8') return Buffer.from(new TextDecoder(encoding).decode(content));
  return hasByteOrderMark(content) ? content.subarray(3) : content;
};
