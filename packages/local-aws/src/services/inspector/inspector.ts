import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { CodeSecurity } from './code-security.js';
import { type FindingSource, paginate } from './finding-source.js';
import type { InspectorScenario } from './scenario.js';

/** Inspector: coverage and findings of all sources. */
export const createInspector = (context: ServiceContext<InspectorScenario>, images: FindingSource): Service => {
  const codeSecurity = new CodeSecurity(context);
  const sources: readonly FindingSource[] = [codeSecurity, images];
  return {
    handle: dispatchByOperation({
      ListCoverage: async (call) =>
        paginate(
          call,
          'coveredResources',
          sources.flatMap((source) => source.listCoverage(call)),
          200,
        ),
      ListFindings: async (call) =>
        paginate(
          call,
          'findings',
          sources.flatMap((source) => source.listFindings(call)),
          100,
        ),
      ...codeSecurity.operations,
    }),
  };
};
