import type { Layer, Reply } from '../call.js';
import type { Journal } from '../journal.js';
import { arnOf } from '../principal.js';

const statusOf = (reply: Reply): number => {
  if (reply.kind === 'error') return reply.error.status ?? 400;
  if (reply.kind === 'raw') return reply.response.status;
  return reply.kind === 'reset' ? 0 : 200;
};

/** Writes a line for every call; the layers inside it add what they learn. */
export const log =
  (journal: Journal, via?: string): Layer =>
  (next) =>
  async (call) => {
    const { id, service, operation, write, region, input } = call;
    const known = { at: new Date(call.at).toISOString(), id, service, operation, write, region, input, via };
    const learnt = { principal: arnOf(call.principal), actions: [], resource: '*', verdict: 'unsigned' } as const;
    journal.begin({ ...known, ...learnt, status: 0, error: undefined });
    try {
      const reply = await next(call);
      journal.end(id, { status: statusOf(reply), error: reply.kind === 'error' ? reply.error.code : undefined });
      return reply;
    } catch (thrown) {
      journal.end(id, { status: 500, error: thrown instanceof Error ? thrown.message : String(thrown) });
      throw thrown;
    }
  };
