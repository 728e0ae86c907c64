import {
  type ApiCall,
  createErrorResponse,
  type Document,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type ServiceResponse,
} from '../api-call.js';
import { createJsonResponse, type ProtocolContext } from '../protocols/protocol.js';
import { type DetectedCall, detectCall, PROTOCOLS } from '../protocols/protocol-detection.js';
import type { Route } from '../service.js';
import type { Simulator } from '../simulator.js';

/** An HTTP response, or `reset` to close the connection without one. */
export type GatewayResponse = HttpResponse | 'reset';

const createProtocolContext = (request: HttpRequest, requestId: string, detected?: DetectedCall): ProtocolContext => ({
  request,
  requestId,
  labels: detected?.labels ?? {},
  xmlNamespace: detected?.serviceModel?.xmlNamespace ?? '',
  schemas: detected?.schemas,
});

const encode = (response: ServiceResponse, context: ProtocolContext, detected?: DetectedCall): GatewayResponse => {
  if (response.kind === 'reset') return 'reset';
  if (response.kind === 'raw') return response.response;
  const protocol = PROTOCOLS[detected?.protocol ?? 'rest-json'];
  if (response.kind === 'error') return protocol.encodeError(response.error, context);
  if (detected?.schema === undefined) throw new Error(`no response schema for ${detected?.operation}`);
  return protocol.encode(detected.schema, response.output, context);
};

/** Decodes the input; empty for an operation without schema, which only an upstream understands. */
const decode = ({ protocol, schema }: DetectedCall, context: ProtocolContext): Document | SyntaxError => {
  try {
    return schema === undefined ? {} : PROTOCOLS[protocol].decode(schema, context);
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof URIError) return new SyntaxError(thrown.message);
    throw thrown;
  }
};

const handleRoute = async (
  simulator: Simulator,
  request: HttpRequest,
  route: Route,
  operation: string,
): Promise<GatewayResponse> => {
  const input = Object.fromEntries(new URLSearchParams(request.query));
  const call = simulator.createCall({ service: route.service, operation, input, region: '', request });
  const invokeRoute: Handler = async ({ at }) => ({ kind: 'raw', response: await route.handle(request, at) });
  const response = await simulator.wrapHandler(invokeRoute)({ ...call, write: route.isWrite(operation) });
  return encode(response, createProtocolContext(request, call.id));
};

const handleCall = async (
  simulator: Simulator,
  request: HttpRequest,
  detected: DetectedCall,
): Promise<GatewayResponse> => {
  const { service, operation, region } = detected;
  const fresh = simulator.createCall({ service, operation, region, input: {}, request });
  const context = createProtocolContext(request, fresh.id, detected);
  const input = decode(detected, context);
  const isMalformed = input instanceof SyntaxError && !simulator.isUpstream(service);
  const call: ApiCall = { ...fresh, input: input instanceof SyntaxError ? {} : input };
  const response = isMalformed
    ? await simulator.wrapHandler(async () => createErrorResponse('SerializationException', input.message))(call)
    : await simulator.handle(call);
  return encode(response, context, detected);
};

/** Handles an HTTP request: route or API call, middleware, and the response in the client's protocol. */
export const handleRequest = async (simulator: Simulator, request: HttpRequest): Promise<GatewayResponse> => {
  const routes = [...simulator.services.byName.values()].flatMap((service) => service.routes ?? []);
  for (const route of routes) {
    const operation = route.matchOperation(request);
    if (operation !== undefined) return handleRoute(simulator, request, route, operation);
  }
  const detected = await detectCall(request, simulator.apiModel);
  if (detected !== undefined) return handleCall(simulator, request, detected);
  const requestLine = `${request.method} ${request.path}`;
  const message = `Local AWS does not recognize ${requestLine} as an AWS request: it is not signed and does not name an action`;
  return createJsonResponse(404, { message });
};
