import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { CodeSecurity } from './code-security.js';
import { listing, type Part } from './part.js';
import type { InspectorScenario } from './scenario.js';

/** Inspector: each part says what it covers and finds; lists hold what all parts say. */
export const createInspector = (context: ServiceContext<InspectorScenario>): Service => {
  const codeSecurity = new CodeSecurity(context);
  const parts: readonly Part[] = [codeSecurity];
  return {
    handle: byOperation({
      ListCoverage: async (call) =>
        listing(
          call,
          'coveredResources',
          parts.flatMap((part) => part.coverage(call.at)),
          200,
        ),
      ListFindings: async (call) =>
        listing(
          call,
          'findings',
          parts.flatMap((part) => part.findings(call.at)),
          100,
        ),
      ...codeSecurity.operations,
    }),
  };
};
