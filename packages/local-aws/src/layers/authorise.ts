import type { Call, Demand, Layer } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { entryOf } from '../catalogue/entry.js';
import type { Authorisation } from '../iam/authorisation.js';
import type { Journal } from '../journal.js';
import { accountOf, arnOf } from '../principal.js';
import { refuse } from './refusal.js';

export interface AuthoriseOptions {
  readonly catalogue: Catalogue;
  readonly authorisation: Authorisation;
  readonly journal: Journal;
  readonly account: string;
  readonly partition: string;
  /** The full ARN of a resource that the catalogue could name only in part; asked of the service that has it. */
  readonly resolve: (call: Call, resource: string) => string;
}

/** Lets a call through only when the principal's policies allow everything the catalogue says it needs. */
export const authorise =
  ({ catalogue, authorisation, journal, account, partition, resolve }: AuthoriseOptions): Layer =>
  (next) => {
    const demandsOf = (call: Call): readonly Demand[] => {
      const entry = catalogue.named(call.service);
      if (entry === undefined) return [{ action: `${call.service}:${call.operation}`, resource: '*' }];
      const { input, region, principal } = call;
      const demands = entryOf(entry, call.operation).demands({
        input,
        region,
        partition,
        account: accountOf(principal, account),
      });
      return demands.map((demand) => ({
        ...demand,
        resource: resolve(call, demand.resource),
        context: { 'aws:RequestedRegion': region, ...demand.context },
      }));
    };
    return async (call) => {
      const demands = demandsOf(call);
      const facts = {
        principal: arnOf(call.principal, partition),
        actions: demands.map(({ action }) => action),
        resource: demands[0]?.resource ?? '*',
      };
      const text = authorisation.refusal(call.principal, demands, call.at);
      const open = call.principal.kind === 'anonymous' ? 'unsigned' : 'allowed';
      journal.note(call.id, { ...facts, verdict: text === undefined ? open : 'denied' });
      if (text === undefined) return next(call);
      return refuse('denied', catalogue.named(call.service)?.protocol ?? 'rest-json', text);
    };
  };
