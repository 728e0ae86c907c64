import { z } from 'zod';
import type { WireRequest, WireResponse } from './call.js';
import { duration } from './duration.js';
import { faultsScenario } from './faults.js';
import type { CallRecord } from './journal.js';
import { type Claims, claimsSchema } from './services/oidc/scenario.js';
import { jsonResponse } from './wire/protocol.js';
import type { World } from './world.js';

/** A path that AWS never uses. */
const PREFIX = '/_local-aws/';

/** What the control endpoint steers. */
export interface Controlled {
  readonly world: () => World;
  /** Starts over from the scenario. */
  readonly reset: () => void;
  readonly environment: (claims: Claims) => Readonly<Record<string, string>>;
}

type Verb = (controlled: Controlled, body: unknown) => unknown;

const time = (world: World) => ({ now: new Date(world.clock.now()).toISOString() });

const withoutInput = ({ input: _secret, ...record }: CallRecord) => record;

const VERBS: Readonly<Record<string, Verb>> = {
  'GET health': ({ world }) => ({ status: 'ok', services: [...world().services.models.keys()], ...time(world()) }),
  'GET clock': ({ world }) => time(world()),
  'POST clock': ({ world }, body) => {
    world().clock.advance(z.strictObject({ advance: duration }).parse(body).advance);
    return time(world());
  },
  'GET calls': ({ world }) => world().journal.calls().map(withoutInput),
  'DELETE calls': ({ world }) => {
    world().journal.clear();
    return {};
  },
  'PUT faults': ({ world }, body) => {
    world().faults.replace(faultsScenario.parse(body));
    return {};
  },
  'POST reset': ({ reset }) => {
    reset();
    return {};
  },
  'POST environment': ({ environment }, body) =>
    environment(z.strictObject({ claims: claimsSchema.default({}) }).parse(body).claims),
};

/** Answers a request to the control endpoint; undefined for any other. Bodies and answers are JSON. */
export const answerControl = (
  controlled: Controlled,
  { method, path, body }: WireRequest,
): WireResponse | undefined => {
  const name = `${method} ${path.slice(PREFIX.length)}`;
  const verb = path.startsWith(PREFIX) && Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) return undefined;
  try {
    return jsonResponse(200, verb(controlled, body.length === 0 ? {} : JSON.parse(body.toString())));
  } catch (thrown) {
    const expected = thrown instanceof z.ZodError || thrown instanceof SyntaxError;
    if (!expected) throw thrown;
    return jsonResponse(400, { message: thrown instanceof z.ZodError ? z.prettifyError(thrown) : thrown.message });
  }
};
