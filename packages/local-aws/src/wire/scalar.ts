import type { Shape, TimestampFormat } from './schema.js';

/** The text of a moment. AWS leaves out milliseconds only where they are zero. */
export const formatTimestamp = (date: Date, format: TimestampFormat): string => {
  if (format === 'http-date') return date.toUTCString();
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  return date.toISOString().replace('.000Z', 'Z');
};

const readTimestamp = (text: string): Date => {
  const date = /^-?\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  if (Number.isNaN(date.getTime())) throw new SyntaxError(`"${text}" is no timestamp`);
  return date;
};

const readNumber = (text: string): number => {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new SyntaxError(`"${text}" is no number`);
  return number;
};

const readBoolean = (text: string): boolean => {
  if (!/^(true|false)$/i.test(text)) throw new SyntaxError(`"${text}" is neither true nor false`);
  return text.toLowerCase() === 'true';
};

/** Reads a scalar from text (form, header, label, XML). Throws SyntaxError where the text does not fit the shape. */
export const readScalar = (shape: Shape, text: string): unknown => {
  if (shape.kind === 'number') return readNumber(text);
  if (shape.kind === 'boolean') return readBoolean(text);
  if (shape.kind === 'timestamp') return readTimestamp(text);
  if (shape.kind === 'blob') return Buffer.from(text, 'base64');
  return text;
};

/** Writes a scalar as text; `format` is the protocol's own for timestamps that name none. */
export const writeScalar = (shape: Shape, value: unknown, format: TimestampFormat): string => {
  if (value instanceof Date) return formatTimestamp(value, shape.timestampFormat ?? format);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
};
