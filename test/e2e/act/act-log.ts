import { z } from 'zod';

/** One stage (`Pre`, `Main` or `Post`) of a step under act. */
export interface ActStep {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  /** `success`, `failure` or `skipped`; undefined if the step did not end. */
  readonly conclusion: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  /** The lines that the step printed, without workflow commands. */
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  readonly summary: string;
}

/** A job under act; every combination of a matrix is a job. */
export interface ActJob {
  /** The names of workflow and job in act's form, such as `ci.yml/build-1`. */
  readonly name: string;
  readonly conclusion: string | undefined;
  readonly steps: readonly ActStep[];
}

/** The fields of a line of `act --json` that are read here. */
const entrySchema = z.object({
  msg: z.string().default(''),
  job: z.string().optional(),
  jobResult: z.string().optional(),
  step: z.string().default(''),
  stepID: z.array(z.string()).optional(),
  stage: z.string().default('Main'),
  stepResult: z.string().optional(),
  raw_output: z.boolean().default(false),
  command: z.string().optional(),
  name: z.string().default(''),
  arg: z.string().default(''),
  content: z.string().default(''),
});
type Entry = z.infer<typeof entrySchema>;

const parseEntry = (line: string): Entry | undefined => {
  if (!line.startsWith('{')) return undefined;
  const parsed = entrySchema.safeParse(JSON.parse(line));
  return parsed.success ? parsed.data : undefined;
};

const groupBy = <T>(items: readonly T[], getKey: (item: T) => string | undefined): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = getKey(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
};

const readStep = (id: string, stage: string, entries: readonly Entry[]): ActStep => {
  const findCommands = (name: string): Entry[] => entries.filter(({ command }) => command === name);
  return {
    id,
    stage,
    name: entries[0]?.step ?? '',
    conclusion: entries.find(({ stepResult }) => stepResult !== undefined)?.stepResult,
    outputs: Object.fromEntries(findCommands('set-output').map(({ name, arg }) => [name, arg])),
    lines: entries.filter(({ raw_output }) => raw_output).map(({ msg }) => msg.replace(/\r?\n$/, '')),
    errors: findCommands('error').map(({ arg }) => arg),
    summary: findCommands('summary')
      .map(({ content }) => content)
      .join(''),
  };
};

const readJob = (name: string, entries: readonly Entry[]): ActJob => {
  const steps = groupBy(entries, ({ stage, stepID }) => stepID && `${stage} ${stepID.join('.')}`);
  return {
    name,
    conclusion: entries.find(({ jobResult }) => jobResult !== undefined)?.jobResult,
    steps: [...steps].map(([key, own]) => {
      const [stage = '', id = ''] = key.split(' ');
      return readStep(id, stage, own);
    }),
  };
};

/** Parses the output of `act --json` into jobs, in the order of their first line. */
export const readActLog = (text: string): readonly ActJob[] => {
  const entries = text.split('\n').flatMap((line) => parseEntry(line) ?? []);
  const jobs = groupBy(entries, ({ job }) => job);
  return [...jobs].map(([name, own]) => readJob(name, own));
};
