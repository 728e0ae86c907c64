import {
  apiError,
  type Call,
  type Document,
  type Handle,
  type Reply,
  type WireRequest,
  type WireResponse,
} from './call.js';
import type { Route } from './service.js';
import { type Exchange, jsonResponse } from './wire/protocol.js';
import { PROTOCOLS, type Recognised, recognise } from './wire/recognition.js';
import type { World } from './world.js';

/** What goes back to a client: a response, or a cut connection. */
export type Answer = WireResponse | 'reset';

const exchangeOf = (request: WireRequest, requestId: string, recognised?: Recognised): Exchange => ({
  request,
  requestId,
  labels: recognised?.labels ?? {},
  xmlNamespace: recognised?.entry?.xmlNamespace ?? '',
  schemas: recognised?.schemas,
});

const encode = (reply: Reply, exchange: Exchange, recognised?: Recognised): Answer => {
  if (reply.kind === 'reset') return 'reset';
  if (reply.kind === 'raw') return reply.response;
  const protocol = PROTOCOLS[recognised?.protocol ?? 'rest-json'];
  if (reply.kind === 'error') return protocol.fail(reply.error, exchange);
  if (recognised?.schema === undefined) throw new Error(`no schema to answer ${recognised?.operation} with`);
  return protocol.encode(recognised.schema, reply.output, exchange);
};

/** The input as the schema reads it; what an upstream alone understands is not read. */
const decode = ({ protocol, schema }: Recognised, exchange: Exchange): Document | SyntaxError => {
  try {
    return schema === undefined ? {} : PROTOCOLS[protocol].decode(schema, exchange);
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof URIError) return new SyntaxError(thrown.message);
    throw thrown;
  }
};

const answerRoute = async (world: World, request: WireRequest, route: Route, operation: string): Promise<Answer> => {
  const input = Object.fromEntries(new URLSearchParams(request.query));
  const call = world.call({ service: route.service, operation, input, region: '', wire: request });
  const handle: Handle = async ({ at }) => ({ kind: 'raw', response: await route.answer(request, at) });
  const reply = await world.watched(handle)({ ...call, write: route.write(operation) });
  return encode(reply, exchangeOf(request, call.id));
};

const answerCall = async (world: World, request: WireRequest, recognised: Recognised): Promise<Answer> => {
  const { service, operation, region } = recognised;
  const fresh = world.call({ service, operation, region, input: {}, wire: request });
  const exchange = exchangeOf(request, fresh.id, recognised);
  const input = decode(recognised, exchange);
  const malformed = input instanceof SyntaxError && !world.isUpstream(service);
  const call: Call = { ...fresh, input: input instanceof SyntaxError ? {} : input };
  const reply = malformed
    ? await world.watched(async () => apiError('SerializationException', input.message))(call)
    : await world.handle(call);
  return encode(reply, exchange, recognised);
};

/** Reads a request, puts the call through the world's layers, and writes the answer in the client's protocol. */
export const answer = async (world: World, request: WireRequest): Promise<Answer> => {
  const routes = [...world.services.models.values()].flatMap((model) => model.routes ?? []);
  for (const route of routes) {
    const operation = route.operation(request);
    if (operation !== undefined) return answerRoute(world, request, route, operation);
  }
  const recognised = await recognise(request, world.catalogue);
  if (recognised !== undefined) return answerCall(world, request, recognised);
  const asked = `${request.method} ${request.path}`;
  const message = `${asked} is no AWS call that local AWS recognises: it is not signed, and names no action`;
  return jsonResponse(404, { message });
};
