import type { Call, Demand, Layer } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';
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
      const asked = { input: call.input, region: call.region, partition, account: accountOf(call.principal, account) };
      const demands = catalogue.operation(call.service, call.operation).demands(asked);
      return demands.map((demand) => ({
        ...demand,
        resource: resolve(call, demand.resource),
        context: { 'aws:RequestedRegion': call.region, ...demand.context },
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
      return text === undefined ? next(call) : refuse('denied', catalogue.protocol(call.service), text);
    };
  };
