import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { RunnerError, textOf } from './runner-error.js';

/** When a post step runs; the conditions that actions in the wild use. */
const conditions = ['always()', 'success()', 'failure()', 'cancelled()', '!cancelled()'] as const;

/** A condition under which a step runs. */
export type Condition = (typeof conditions)[number];

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const described = z.object({ description: z.string().optional() });
const input = described.extend({ default: scalar.optional(), required: z.boolean().optional() }).nullable();
const schema = z.object({
  name: z.string(),
  description: z.string().default(''),
  inputs: z.record(z.string(), input).nullish(),
  outputs: z.record(z.string(), described.nullable()).nullish(),
  runs: z.object({
    using: z.string().regex(/^node\d+$/, 'the runner runs JavaScript actions: node20 or node24'),
    pre: z.string().optional(),
    main: z.string(),
    post: z.string().optional(),
    'post-if': z.enum(conditions).default('always()'),
  }),
});

/** What a runner needs to know of an action: paths are absolute, defaults unfilled. */
export interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly directory: string;
  /** The declared inputs with their defaults, in the order of the file. */
  readonly defaults: ReadonlyMap<string, string | undefined>;
  /** What is said of the inputs, in the order of the file. */
  readonly inputs: ReadonlyMap<string, string>;
  /** What is said of the outputs, in the order of the file. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly pre: string | undefined;
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: Condition;
}

const fileIn = (directory: string): string => {
  const found = ['action.yml', 'action.yaml'].map((name) => join(directory, name)).find((path) => existsSync(path));
  if (found === undefined) throw new RunnerError('action-file-invalid', `no action.yml in '${directory}'`);
  return found;
};

const parseFile = (path: string): z.infer<typeof schema> => {
  try {
    return schema.parse(parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : textOf(error);
    throw new RunnerError('action-file-invalid', `'${path}' is no JavaScript action: ${reason}`, { cause: error });
  }
};

type Described = Readonly<Record<string, { readonly description?: string | undefined } | null>> | null | undefined;

const descriptions = (declared: Described): ReadonlyMap<string, string> =>
  new Map(Object.entries(declared ?? {}).map(([name, value]) => [name, value?.description ?? '']));

/**
 * Reads the action.yml of a JavaScript action.
 * @throws RunnerError `action-file-invalid`
 */
export const readActionFile = (directory: string): ActionFile => {
  const { name, description, inputs, outputs, runs } = parseFile(fileIn(directory));
  const script = (path: string | undefined): string | undefined => path && join(directory, path);
  return {
    name,
    description,
    directory,
    defaults: new Map(Object.entries(inputs ?? {}).map(([key, value]) => [key, value?.default])),
    inputs: descriptions(inputs),
    outputs: descriptions(outputs),
    pre: script(runs.pre),
    main: join(directory, runs.main),
    post: script(runs.post),
    postIf: runs['post-if'],
  };
};
