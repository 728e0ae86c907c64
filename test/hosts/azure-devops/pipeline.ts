import { parse } from 'yaml';
import { z } from 'zod';
import type { Agent } from './agent.js';
import type { StepOutcome } from './step-record.js';

const inputsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

const taskStep = z.strictObject({
  task: z.string().regex(/^\w+@\d+$/u),
  name: z.string().optional(),
  condition: z.string().optional(),
  inputs: inputsSchema.default({}),
});
const scriptStep = z.strictObject({ script: z.string() });
const schema = z.array(z.union([taskStep, scriptStep]));

/** A step of a pipeline's YAML. */
export type Step = z.infer<typeof schema>[number];

export const readSteps = (yaml: string): readonly Step[] => schema.parse(parse(yaml));

/** Evaluates the only form of a condition that the documentation uses: succeeded(), and a variable equals a value. */
const isConditionMet = (condition: string | undefined, agent: Agent): boolean => {
  if (condition === undefined) return agent.status === 'Succeeded';
  const [, name, value] = /^and\(succeeded\(\), eq\(variables\['([^']+)'\], '([^']*)'\)\)$/u.exec(condition) ?? [];
  if (name === undefined) throw new Error(`a condition that these tests do not know: ${condition}`);
  return agent.status === 'Succeeded' && agent.variables.get(name) === value;
};

/** The outcomes of a pipeline's tasks, and the output of its scripts. */
export interface PipelineRun {
  readonly outcomes: readonly StepOutcome[];
  readonly scriptOutputs: readonly string[];
}

/** Runs the steps one after another. */
export const runSteps = async (steps: readonly Step[], agent: Agent): Promise<PipelineRun> => {
  const outcomes: StepOutcome[] = [];
  const scriptOutputs: string[] = [];
  for (const step of steps) {
    if ('script' in step) scriptOutputs.push((await agent.runScript(agent.variables.fill(step.script))).trim());
    else if (isConditionMet(step.condition, agent)) {
      const [task = ''] = step.task.split('@');
      outcomes.push(await agent.run({ task, inputs: step.inputs, ...(step.name && { name: step.name }) }));
    }
  }
  return { outcomes, scriptOutputs };
};
