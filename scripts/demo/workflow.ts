import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});

const step = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: texts,
  env: texts,
});

const workflow = z.object({
  name: z.string(),
  jobs: z.record(z.string(), z.object({ steps: z.array(step) })),
});

/** A step of a workflow file; expressions are not evaluated. */
export type WorkflowStep = z.infer<typeof step>;

export interface Workflow {
  readonly name: string;
  readonly steps: readonly WorkflowStep[];
}

/** Reads the steps of a workflow file. Throws unless it has exactly one job. */
export const readWorkflow = (path: string): Workflow => {
  const { name, jobs } = workflow.parse(parse(readFileSync(path, 'utf8')));
  const [job, ...others] = Object.values(jobs);
  if (job === undefined || others.length > 0) throw new Error(`${path} must have exactly one job`);
  return { name, steps: job.steps };
};
