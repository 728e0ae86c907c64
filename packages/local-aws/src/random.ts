import { createHash } from 'node:crypto';

const LOWERCASE_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const BASE32_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Seeded random values: the same seed and the same sequence of calls give the same values. */
export interface Random {
  /** A number in [0, 1). */
  number(): number;
  /** `length` hexadecimal digits. */
  hex(length: number): string;
  /** A version 4 UUID, as AWS uses for request ids and tokens. */
  uuid(): string;
  /** `length` lower-case letters and digits, as in repository and application ids. */
  lower(length: number): string;
  /** `length` characters of base 32 in upper case, as in access key ids and physical ids. */
  upper(length: number): string;
  /** An independent generator for `name`: its values do not depend on calls to other generators. */
  fork(name: string): Random;
}

export const createRandom = (seed: string): Random => {
  let count = 0;
  const generateBytes = (): Buffer => createHash('sha256').update(`${seed}\0${count++}`).digest();
  const generateNumber = () => generateBytes().readUIntBE(0, 6) / 2 ** 48;
  const generateString = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(generateNumber() * alphabet.length))).join('');
  return {
    number: generateNumber,
    hex: (length) => generateString('0123456789abcdef', length),
    lower: (length) => generateString(LOWERCASE_CHARACTERS, length),
    upper: (length) => generateString(BASE32_CHARACTERS, length),
    uuid: () => {
      const hex = generateBytes().toString('hex');
      const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `${variant}${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    },
    fork: (name) => createRandom(`${seed}\0${name}`),
  };
};
