import type { ApiCall } from '../../api-call.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';
import { CodeSecurity } from './code-security.js';
import { type FindingSource, listMatching } from './finding-source.js';
import type { InspectorScenario } from './scenario.js';

/** Inspector: coverage and findings of all sources. */
export const createInspector = (context: ServiceContext<InspectorScenario>, images: FindingSource): Service => {
  const codeSecurity = new CodeSecurity(context);
  const sources: readonly FindingSource[] = [codeSecurity, images];
  const listCoverage = (call: ApiCall) => sources.flatMap((source) => source.listCoverage(call));
  const listFindings = (call: ApiCall) => sources.flatMap((source) => source.listFindings(call));
  return {
    handle: dispatchByOperation({
      ListCoverage: (call) => listMatching(call, 'coveredResources', listCoverage(call), 200),
      ListFindings: (call) => listMatching(call, 'findings', listFindings(call), 100),
      ...codeSecurity.handlers,
    }),
  };
};
