import type { Document } from '../api-call.js';

/** Whether a value is a plain object: not a list, bytes or a date. */
export const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

/** Readers of untyped input members. A member of another type counts as absent. */
export const readString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const readStrings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export const readDocuments = (value: unknown): readonly Document[] =>
  Array.isArray(value) ? value.filter(isDocument) : [];

export const readDocument = (value: unknown): Document => (isDocument(value) ? value : {});
