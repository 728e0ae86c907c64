import type { Document } from '../call.js';
import { isDocument } from './json.js';
import { readScalar, writeScalar } from './scalar.js';
import type { Shape } from './schema.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

const escapeXml = (text: string): string => text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);

/** An element with text that is XML already. */
export const element = (name: string, content: string, attributes: Readonly<Record<string, string>> = {}): string => {
  const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${text.join('')}>${content}</${name}>`;
};

export const textElement = (name: string, text: string): string => element(name, escapeXml(text));

const writeList = (shape: Shape, values: readonly unknown[]): string => {
  const { item } = shape;
  if (shape.flattened) return values.map((value) => writeXml(item, value, shape.xmlName)).join('');
  return element(shape.xmlName, values.map((value) => writeXml(item, value, item.xmlName)).join(''));
};

const writeMap = (shape: Shape, value: Document): string => {
  const { key, item } = shape;
  const entries = Object.entries(value).map(([name, member]) =>
    element(
      shape.flattened ? shape.xmlName : 'entry',
      textElement(key.xmlName, name) + writeXml(item, member, item.xmlName),
    ),
  );
  return shape.flattened ? entries.join('') : element(shape.xmlName, entries.join(''));
};

/** The children of a structure, in the schema's order; what the schema does not know is left out. */
export const writeMembers = (shape: Shape, value: Document): string =>
  shape.members
    .filter((member) => value[member.memberName] != null)
    .map((member) => writeXml(member, value[member.memberName], member.xmlName))
    .join('');

/** Writes a value under `name`: timestamps in ISO form, blobs in base 64. */
export const writeXml = (shape: Shape, value: unknown, name: string): string => {
  if (shape.kind === 'list' && Array.isArray(value)) return writeList(shape, value);
  if (shape.kind === 'map' && isDocument(value)) return writeMap(shape, value);
  if (shape.kind === 'structure' && isDocument(value)) return element(name, writeMembers(shape, value));
  return textElement(name, writeScalar(shape, value, 'date-time'));
};

const asList = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? value : [value];
};

const readItems = (shape: Shape, value: unknown): unknown[] => {
  const { item } = shape;
  const items = shape.flattened ? value : isDocument(value) ? value[item.xmlName] : undefined;
  return asList(items).map((each) => readXmlValue(item, each));
};

const readEntries = (shape: Shape, value: unknown): Document => {
  const { key, item } = shape;
  const entries = asList(shape.flattened ? value : isDocument(value) ? value['entry'] : undefined);
  return Object.fromEntries(
    entries
      .filter(isDocument)
      .map((entry) => [String(entry[key.xmlName]), readXmlValue(item, entry[item.xmlName] ?? '')]),
  );
};

/** Reads what `readXml` parsed, by the schema. Throws SyntaxError where a text does not fit. */
export const readXmlValue = (shape: Shape, value: unknown): unknown => {
  if (shape.kind === 'list') return readItems(shape, value);
  if (shape.kind === 'map') return readEntries(shape, value);
  if (shape.kind !== 'structure') return readScalar(shape, String(value));
  if (!isDocument(value)) return {};
  const present = shape.members.filter((member) => value[member.xmlName] !== undefined);
  return Object.fromEntries(present.map((member) => [member.memberName, readXmlValue(member, value[member.xmlName])]));
};
