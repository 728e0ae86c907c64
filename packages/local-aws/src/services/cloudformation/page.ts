import { type Call, type Document, output, type Reply } from '../../call.js';
import { invalid } from './refusal.js';

const SIZE = 100;

/**
 * One page of a list as the answer's member `name`, with what else the answer says; the token is the place where the next begins.
 * @throws Refusal for a token that is none
 */
export const paged = ({ input }: Call, name: string, rows: readonly unknown[], more: Document = {}): Reply => {
  const { NextToken: given, MaxResults: asked } = input;
  const start = typeof given === 'string' ? Number(Buffer.from(given, 'base64').toString()) : 0;
  if (!Number.isInteger(start)) throw invalid(`NextToken ${String(given)} is not valid`);
  const end = start + (typeof asked === 'number' ? Math.min(asked, SIZE) : SIZE);
  const token = end < rows.length ? Buffer.from(String(end)).toString('base64') : undefined;
  return output({ ...more, [name]: rows.slice(start, end), NextToken: token });
};
