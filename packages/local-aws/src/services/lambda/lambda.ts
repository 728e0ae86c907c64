import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../api-call.js';
import { matchesPattern } from '../../iam/pattern.js';
import { createJsonResponse, createTextResponse } from '../../protocols/protocol.js';
import { createNotImplementedResponse, type Route, type Service, type ServiceContext } from '../../service.js';

const responseSchema = z.strictObject({
  /** Name or ARN of the function; may contain `*`. */
  function: z.string().default('*'),
  /** Path of the request; may contain `*`. */
  path: z.string().startsWith('/').default('/*'),
  status: z.int().min(200).max(599).default(200),
  contentType: z.string().default('application/json'),
  body: z.string().default(''),
});

/** Lambda's part of a scenario: responses of function URLs, because no function is run. The first match applies. */
export const lambdaScenario = z.strictObject({ responses: z.array(responseSchema).default([]) });

export type LambdaScenario = z.output<typeof lambdaScenario>;

/** The path of function URLs, followed by the `TargetFunctionArn` of the resource. */
const FUNCTION_URL_PATH = '/_local-aws/lambda/';

const FUNCTION_REQUEST = new RegExp(`^${FUNCTION_URL_PATH}([^/]+)(/.*)?$`, 'su');

/**
 * Lambda: function URLs of stacks, which return the scenario's responses. A URL exists as long as a stack has its
 * `AWS::Lambda::Url`.
 */
export const createLambda = ({ scenario, listProvisionedResources }: ServiceContext<LambdaScenario>): Service => {
  const handleFunctionRequest = async ({ method, path }: HttpRequest, at: number): Promise<HttpResponse> => {
    const [, target = '', requestPath = '/'] = FUNCTION_REQUEST.exec(path) ?? [];
    const name = decodeURIComponent(target);
    const isProvisioned = listProvisionedResources('AWS::Lambda::Url', at).some(
      ({ properties }) => properties['TargetFunctionArn'] === name,
    );
    if (!isProvisioned) return createJsonResponse(403, { Message: 'Forbidden' });
    const response = scenario.responses.find(
      (each) => matchesPattern(each.function, name) && matchesPattern(each.path, requestPath),
    );
    if (response !== undefined) return createTextResponse(response.status, response.contentType, response.body);
    const message = `Local AWS does not run functions: add a response for ${method} ${requestPath} to lambda.responses in the scenario`;
    return createJsonResponse(501, { message });
  };
  const route: Route = {
    service: 'lambda',
    matchOperation: ({ path }) => (FUNCTION_REQUEST.test(path) ? 'InvokeFunctionUrl' : undefined),
    isWrite: () => false,
    handle: handleFunctionRequest,
  };
  return { handle: async (call) => createNotImplementedResponse('lambda', call.operation), routes: [route] };
};
