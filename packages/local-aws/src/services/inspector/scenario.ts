import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const finding = z.strictObject({
  title: z.string().default('CWE-89 - SQL injection'),
  description: z.string().default('User input reaches a query.'),
  severity: z.enum(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'UNTRIAGED']).default('HIGH'),
  file: z.string(),
  line: z.int().positive().default(1),
  detector: z.string().default('java/sql-injection'),
  cwes: z.array(z.string()).default([]),
  urls: z.array(z.string()).default([]),
  remediation: z.string().optional(),
  status: z.enum(['ACTIVE', 'SUPPRESSED', 'CLOSED']).default('ACTIVE'),
});

/** A repository that is connected for code security. */
const codeProject = z.strictObject({
  name: z.string(),
  provider: z.enum(['GITHUB', 'GITLAB_SELF_MANAGED']).default('GITHUB'),
  /** The commit that was scanned last when the server starts. */
  scanned: z.string().optional(),
  scan: z
    .strictObject({
      takes: durationSchema.default(60_000),
      outcome: z.enum(['SUCCESSFUL', 'FAILED', 'SKIPPED']).default('SUCCESSFUL'),
      reason: z.string().optional(),
      /** The commit that a scan which is started here looks at. */
      commit: z.string().optional(),
    })
    .prefault({}),
  findings: z.array(finding).default([]),
});

/** Inspector: what it covers, and what it finds there. */
export const inspectorScenario = z.strictObject({
  /** Repositories that are connected for code security. */
  codeProjects: z.array(codeProject).default([]),
});

export type InspectorScenario = z.output<typeof inspectorScenario>;
export type CodeProjectScenario = InspectorScenario['codeProjects'][number];
