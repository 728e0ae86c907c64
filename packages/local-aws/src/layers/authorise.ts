import type { Call, Demand, Layer } from '../call.js';
import { refusalText } from '../iam/authorisation.js';
import { accountOf, arnOf } from '../principal.js';
import type { Ground } from './ground.js';
import { refuse } from './refusal.js';

/** Lets a call through only when the principal's policies allow everything the catalogue says it needs. */
export const authorise =
  ({ catalogue, identity, journal, resolve }: Ground): Layer =>
  (next) => {
    const { account, partition } = identity;
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
      const text = refusalText(identity, call.principal, demands, call.at);
      const open = call.principal.kind === 'anonymous' ? 'unsigned' : 'allowed';
      journal.note(call.id, { ...facts, verdict: text === undefined ? open : 'denied' });
      return text === undefined ? next(call) : refuse('denied', catalogue.protocol(call.service), text);
    };
  };
