import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../api-call.js';
import type { CallRecord } from '../call-log.js';
import { faultsScenario } from '../faults/fault-plan.js';
import { createJsonResponse } from '../protocols/protocol.js';
import { claimsSchema } from '../services/oidc/claims.js';
import type { Simulator } from '../simulator.js';
import { durationSchema } from '../time/duration.js';

/** A path that AWS never uses. */
const CONTROL_PATH_PREFIX = '/_local-aws/';

/** What the control endpoint reads and changes. */
export interface ControlTarget {
  readonly getSimulator: () => Simulator;
  /** Restores the state of the scenario. */
  readonly reset: () => void;
  readonly createEnv: (options: EnvironmentOptions) => Readonly<Record<string, string>>;
}

const environmentSchema = z.strictObject({ claims: claimsSchema.default({}), keys: z.boolean().default(false) });

type EnvironmentOptions = z.output<typeof environmentSchema>;

type ControlCommand = (target: ControlTarget, body: unknown) => unknown;

const describeTime = (simulator: Simulator) => ({ now: new Date(simulator.clock.now()).toISOString() });

const omitInput = ({ input: _secret, ...record }: CallRecord) => record;

const COMMANDS: Readonly<Record<string, ControlCommand>> = {
  'GET health': ({ getSimulator }) => ({
    status: 'ok',
    pid: process.pid,
    services: [...getSimulator().services.byName.keys()],
    ...describeTime(getSimulator()),
  }),
  'GET clock': ({ getSimulator }) => describeTime(getSimulator()),
  'POST clock': ({ getSimulator }, body) => {
    getSimulator().clock.advance(z.strictObject({ advance: durationSchema }).parse(body).advance);
    return describeTime(getSimulator());
  },
  'GET calls': ({ getSimulator }) => getSimulator().callLog.list().map(omitInput),
  'DELETE calls': ({ getSimulator }) => {
    getSimulator().callLog.clear();
    return {};
  },
  'PUT faults': ({ getSimulator }, body) => {
    getSimulator().faults.replace(faultsScenario.parse(body));
    return {};
  },
  'POST reset': ({ reset }) => {
    reset();
    return {};
  },
  'POST environment': ({ createEnv }, body) => createEnv(environmentSchema.parse(body)),
};

/** Handles a request to the control endpoint, with JSON bodies; undefined for any other request. */
export const handleControlRequest = (
  target: ControlTarget,
  { method, path, body }: HttpRequest,
): HttpResponse | undefined => {
  const commandName = `${method} ${path.slice(CONTROL_PATH_PREFIX.length)}`;
  const command =
    path.startsWith(CONTROL_PATH_PREFIX) && Object.hasOwn(COMMANDS, commandName) ? COMMANDS[commandName] : undefined;
  if (command === undefined) return undefined;
  try {
    return createJsonResponse(200, command(target, body.length === 0 ? {} : JSON.parse(body.toString())));
  } catch (thrown) {
    const isInputError = thrown instanceof z.ZodError || thrown instanceof SyntaxError;
    if (!isInputError) throw thrown;
    return createJsonResponse(400, {
      message: thrown instanceof z.ZodError ? z.prettifyError(thrown) : thrown.message,
    });
  }
};
