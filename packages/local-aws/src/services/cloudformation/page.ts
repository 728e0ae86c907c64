import type { Call } from '../../call.js';
import { invalid } from './refusal.js';

/** One page of a list; the token is the place where the next begins. @throws Refusal for a token that is none */
export const page = <T>(
  rows: readonly T[],
  { input }: Call,
  most: number,
): { readonly items: readonly T[]; readonly token: string | undefined } => {
  const given = input['NextToken'];
  const start = given === undefined || given === null ? 0 : Number(Buffer.from(String(given), 'base64').toString());
  if (!Number.isInteger(start)) throw invalid(`NextToken ${String(given)} is not valid`);
  const asked = input['MaxResults'];
  const size = typeof asked === 'number' ? Math.min(asked, most) : most;
  const end = start + size;
  return {
    items: rows.slice(start, end),
    token: end < rows.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
};
