import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { CodeSecurity } from './code-security.js';
import { listing, type Part } from './part.js';
import type { InspectorScenario } from './scenario.js';

/** Inspector: each part says what it covers and finds; lists hold what all parts say. */
export const createInspector = (context: ServiceContext<InspectorScenario>, images: Part): Service => {
  const codeSecurity = new CodeSecurity(context);
  const parts: readonly Part[] = [codeSecurity, images];
  return {
    handle: byOperation({
      ListCoverage: async (call) =>
        listing(
          call,
          'coveredResources',
          parts.flatMap((part) => part.coverage(call)),
          200,
        ),
      ListFindings: async (call) =>
        listing(
          call,
          'findings',
          parts.flatMap((part) => part.findings(call)),
          100,
        ),
      ...codeSecurity.operations,
    }),
  };
};
