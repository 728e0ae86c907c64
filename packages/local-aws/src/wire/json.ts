import type { Document } from '../call.js';
import { writeScalar } from './scalar.js';
import type { Shape } from './schema.js';

/** A plain object: no list, no bytes, no date. */
export const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array);

/** How members are named: awsJson uses their own names, restJson `jsonName`. */
export type Naming = (member: Shape) => string;

export const ownName: Naming = (member) => member.memberName;
export const jsonName: Naming = (member) => member.jsonName;

const readMoment = (value: unknown): Date => {
  const date = typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new SyntaxError(`${JSON.stringify(value)} is no timestamp`);
  return date;
};

const expectType = (shape: Shape, value: unknown, type: string): unknown => {
  if (typeof value === type) return value;
  throw new SyntaxError(`${shape.memberName} is ${JSON.stringify(value)}: a ${shape.kind} is expected`);
};

const readStructure = (shape: Shape, value: unknown, naming: Naming): Document => {
  if (!isDocument(value))
    throw new SyntaxError(`${shape.memberName} is ${JSON.stringify(value)}: an object is expected`);
  const present = shape.members.filter((member) => value[naming(member)] != null);
  return Object.fromEntries(
    present.map((member) => [member.memberName, readJsonValue(member, value[naming(member)], naming)]),
  );
};

const readMap = (shape: Shape, value: unknown, naming: Naming): Document => {
  const { item } = shape;
  if (!isDocument(value))
    throw new SyntaxError(`${shape.memberName} is ${JSON.stringify(value)}: an object is expected`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readJsonValue(item, each, naming)]));
};

/** Reads a parsed JSON value by the schema; unknown members are dropped, as AWS does. Throws SyntaxError on a misfit. */
export const readJsonValue = (shape: Shape, value: unknown, naming: Naming): unknown => {
  switch (shape.kind) {
    case 'structure':
      return readStructure(shape, value, naming);
    case 'map':
      return readMap(shape, value, naming);
    case 'list': {
      if (!Array.isArray(value)) throw new SyntaxError(`${shape.memberName}: a list is expected`);
      const { item } = shape;
      return value.map((each) => readJsonValue(item, each, naming));
    }
    case 'timestamp':
      return readMoment(value);
    case 'blob':
      return Buffer.from(String(value), 'base64');
    case 'string':
    case 'number':
    case 'boolean':
      return expectType(shape, value, shape.kind);
    default:
      return value;
  }
};

/** The JSON value of a document by the schema: timestamps as seconds, blobs in base 64, unknown members left out. */
export const writeJsonValue = (shape: Shape, value: unknown, naming: Naming): unknown => {
  if (shape.kind === 'structure' && isDocument(value)) {
    const present = shape.members.filter((member) => value[member.memberName] != null);
    return Object.fromEntries(
      present.map((member) => [naming(member), writeJsonValue(member, value[member.memberName], naming)]),
    );
  }
  const { kind } = shape;
  if (kind === 'list' && Array.isArray(value)) return value.map((each) => writeJsonValue(shape.item, each, naming));
  if (kind === 'map' && isDocument(value)) {
    const { item } = shape;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, writeJsonValue(item, each, naming)]));
  }
  if (kind === 'timestamp') {
    const text = writeScalar(shape, value, 'epoch-seconds');
    return shape.timestampFormat === undefined || shape.timestampFormat === 'epoch-seconds' ? Number(text) : text;
  }
  return kind === 'blob' ? writeScalar(shape, value, 'epoch-seconds') : value;
};
