import { z } from 'zod';
import { codeProject } from './code-security-scenario.js';

/** Inspector: what it covers, and what it finds there. */
export const inspectorScenario = z.strictObject({
  /** Repositories that are connected for code security. */
  codeProjects: z.array(codeProject).default([]),
});

export type InspectorScenario = z.output<typeof inspectorScenario>;
