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

/** A repository connected for code security. */
const codeProject = z.strictObject({
  name: z.string(),
  provider: z.enum(['GITHUB', 'GITLAB_SELF_MANAGED']).default('GITHUB'),
  /** Last scanned commit at the server's start. */
  scanned: z.string().optional(),
  scan: z
    .strictObject({
      takes: durationSchema.default(60_000),
      outcome: z.enum(['SUCCESSFUL', 'FAILED', 'SKIPPED']).default('SUCCESSFUL'),
      reason: z.string().optional(),
      /** Commit of a scan started with StartCodeSecurityScan. */
      commit: z.string().optional(),
    })
    .prefault({}),
  findings: z.array(finding).default([]),
});

/** Inspector's part of a scenario. */
export const inspectorScenario = z.strictObject({
  /** Repositories connected for code security. */
  codeProjects: z.array(codeProject).default([]),
});

export type InspectorScenario = z.output<typeof inspectorScenario>;
export type CodeProjectScenario = InspectorScenario['codeProjects'][number];
