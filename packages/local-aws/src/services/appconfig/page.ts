import { type Call, type Document, output, type Reply } from '../../call.js';

const MOST = 50;

/** One page of a list; the token is the place where the next begins. */
export const page = <T>(rows: readonly T[], { input }: Call, describe: (row: T) => Document): Reply => {
  const start = Number(input['NextToken'] ?? 0);
  const end = start + Number(input['MaxResults'] ?? MOST);
  const next = end < rows.length ? { NextToken: String(end) } : {};
  return output({ Items: rows.slice(start, end).map(describe), ...next });
};
