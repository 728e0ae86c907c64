import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const handler = z.object({ target: z.string() });
const handlers = z.object({ Node20_1: handler, Node24: handler });

const schema = z.object({
  id: z.string(),
  name: z.string(),
  friendlyName: z.string(),
  inputs: z.array(
    z.object({
      name: z.string(),
      aliases: z.array(z.string()).default([]),
      type: z.string(),
      defaultValue: z.string().default(''),
      required: z.boolean().default(false),
      visibleRule: z.string().optional(),
      groupName: z.string().optional(),
      helpMarkDown: z.string(),
      options: z.record(z.string(), z.string()).optional(),
    }),
  ),
  groups: z.array(z.object({ name: z.string(), displayName: z.string() })),
  outputVariables: z.array(z.object({ name: z.string() })),
  execution: handlers,
  postjobexecution: handlers.optional(),
});

/** The task.json of an unpacked task, and its directory. */
export type TaskFile = z.infer<typeof schema> & { readonly directory: string };

/** Reads the task.json of an unpacked task. Throws Error if the extension was not built. */
export const readTaskFile = (directory: string): TaskFile => {
  const path = join(directory, 'task.json');
  if (!existsSync(path)) throw new Error(`no task in '${directory}': build the extension first`);
  return { ...schema.parse(JSON.parse(readFileSync(path, 'utf8'))), directory };
};

/**
 * Resolves a task's inputs as the server does: the pipeline's values, under names and aliases in any case, and
 * defaults. Undeclared inputs keep their names. Throws Error for a missing required input.
 */
export const resolveTaskInputs = (
  { inputs }: TaskFile,
  inputValues: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const names = new Map(
    inputs.flatMap(({ name, aliases }) => [name, ...aliases].map((known) => [known.toLowerCase(), name] as const)),
  );
  const named = Object.entries(inputValues).map(
    ([name, value]) => [names.get(name.toLowerCase()) ?? name, value] as const,
  );
  const all = {
    ...Object.fromEntries(inputs.map(({ name, defaultValue }) => [name, defaultValue])),
    ...Object.fromEntries(named),
  };
  const missing = inputs.find(({ name, required }) => required && all[name] === '');
  if (missing !== undefined) throw new Error(`the server rejects the pipeline: input '${missing.name}' is required`);
  return all;
};
