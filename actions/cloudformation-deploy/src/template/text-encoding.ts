/** Byte order marks, and the encodings that they announce. */
const BYTE_ORDER_MARKS = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell's `>` writes it. The mark is no
 * part of the text.
 */
export const decodeFileContent = (bytes: Uint8Array): string => {
  const [encoding] = BYTE_ORDER_MARKS.find(([, byteOrderMark]) =>
    byteOrderMark.every((byte, index) => bytes[index] === byte),
  ) ?? ['utf-8'];
  return new TextDecoder(encoding).decode(bytes);
};
