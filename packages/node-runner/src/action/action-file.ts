import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFileSync } from '@aws-delivery/action-kit/files/regular-file';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { parse } from 'yaml';
import { z } from 'zod';
import { RunnerError } from '../runner-error.js';

/** The supported values of `post-if`. */
const CONDITIONS = ['always()', 'success()', 'failure()', 'cancelled()', '!cancelled()'] as const;

/** A condition under which a step runs. */
export type Condition = (typeof CONDITIONS)[number];

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const descriptionSchema = z.object({ description: z.string().optional() });
const inputSchema = descriptionSchema
  .extend({ default: scalarSchema.optional(), required: z.boolean().optional() })
  .nullable();
const actionFileSchema = z.object({
  name: z.string(),
  description: z.string().default(''),
  inputs: z.record(z.string(), inputSchema).nullish(),
  outputs: z.record(z.string(), descriptionSchema.nullable()).nullish(),
  runs: z.object({
    using: z.string().regex(/^node\d+$/, 'the runner supports JavaScript actions only (node20, node24)'),
    pre: z.string().optional(),
    main: z.string(),
    post: z.string().optional(),
    'post-if': z.enum(CONDITIONS).default('always()'),
  }),
});

/** An action.yml with absolute paths; expressions in defaults are not evaluated. */
export interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly directory: string;
  /** Defaults of the declared inputs, in the order of the file. */
  readonly defaults: ReadonlyMap<string, string | undefined>;
  /** In the order of the file. */
  readonly inputDescriptions: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly outputDescriptions: ReadonlyMap<string, string>;
  readonly pre: string | undefined;
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: Condition;
}

const findActionFile = (directory: string): string => {
  const path = ['action.yml', 'action.yaml']
    .map((name) => join(directory, name))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new RunnerError('action-file-invalid', `action.yml not found in '${directory}'`);
  return path;
};

const parseFile = (path: string): z.infer<typeof actionFileSchema> => {
  try {
    return actionFileSchema.parse(parse(readRegularFileSync(path).toString('utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    throw new RunnerError('action-file-invalid', `'${path}' is not a JavaScript action: ${reason}`, { cause: error });
  }
};

type DescribedEntries =
  | Readonly<Record<string, { readonly description?: string | undefined } | null>>
  | null
  | undefined;

const getDescriptions = (declared: DescribedEntries): ReadonlyMap<string, string> =>
  new Map(Object.entries(declared ?? {}).map(([name, value]) => [name, value?.description ?? '']));

/**
 * Reads the action.yml of a JavaScript action.
 * @throws RunnerError `action-file-invalid`
 */
export const readActionFile = (directory: string): ActionFile => {
  const { name, description, inputs, outputs, runs } = parseFile(findActionFile(directory));
  const resolveScript = (path: string | undefined): string | undefined => path && join(directory, path);
  return {
    name,
    description,
    directory,
    defaults: new Map(Object.entries(inputs ?? {}).map(([key, value]) => [key, value?.default])),
    inputDescriptions: getDescriptions(inputs),
    outputDescriptions: getDescriptions(outputs),
    pre: resolveScript(runs.pre),
    main: join(directory, runs.main),
    post: resolveScript(runs.post),
    postIf: runs['post-if'],
  };
};
