import { Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** Work that starts after other tasks have succeeded. */
export interface Task {
  readonly name: string;
  /** Names of the tasks that come first. */
  readonly needs: readonly string[];
}

export type TaskResult<R> =
  | { readonly kind: 'finished'; readonly result: R }
  /** Not started: these tasks failed or were skipped. */
  | { readonly kind: 'skipped'; readonly blockers: readonly string[] };

export interface ScheduleOptions<T extends Task, R> {
  /** Number of tasks that run at once. */
  readonly concurrency: number;
  readonly run: (task: T) => Promise<R>;
  /** Whether the tasks that need this one may start. */
  readonly hasSucceeded: (result: R) => boolean;
}

/** The same tasks in reverse: each one needs those that needed it. */
export const reverseTasks = <T extends Task>(tasks: readonly T[]): readonly T[] =>
  tasks.map((task) => ({
    ...task,
    needs: tasks.filter(({ needs }) => needs.includes(task.name)).map(({ name }) => name),
  }));

/** Names of tasks that need each other in a circle, in order; undefined without a circle. */
const findCircle = (tasks: readonly Task[]): readonly string[] | undefined => {
  const tasksByName = new Map(tasks.map((task) => [task.name, task]));
  const checked = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (checked.has(name)) return undefined;
    for (const next of tasksByName.get(name)?.needs ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    checked.add(name);
    return undefined;
  };
  for (const { name } of tasks) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
};

/** @throws DeliveryError `invalid-input` for tasks that need each other in a circle */
export const assertNoCircle = (tasks: readonly Task[]): void => {
  const circle = findCircle(tasks);
  if (circle === undefined) return;
  const rule = `the stacks depend on each other in a circle (${circle.join(' → ')})`;
  throw new DeliveryError('invalid-input', `${rule}: remove one of these dependencies`);
};

/**
 * Runs tasks in parallel, each one after those that it needs. A failed task stops only those that need it.
 * @param tasks without circles
 */
export const runTasks = async <T extends Task, R>(
  tasks: readonly T[],
  { concurrency, run, hasSucceeded }: ScheduleOptions<T, R>,
): Promise<ReadonlyMap<string, TaskResult<R>>> => {
  const semaphore = new Semaphore(concurrency);
  const tasksByName = new Map(tasks.map((task) => [task.name, task]));
  const results = new Map<string, Promise<TaskResult<R>>>();
  const isComplete = (result: TaskResult<R>): boolean => result.kind === 'finished' && hasSucceeded(result.result);
  const runTask = async (task: T): Promise<TaskResult<R>> => {
    const needed = await Promise.all(task.needs.map(async (name) => ({ name, result: await getResult(name) })));
    const blockers = needed.filter(({ result }) => result !== undefined && !isComplete(result));
    if (blockers.length > 0) return { kind: 'skipped', blockers: blockers.map(({ name }) => name) };
    return { kind: 'finished', result: await semaphore.run(() => run(task)) };
  };
  const getResult = (name: string): Promise<TaskResult<R>> | undefined => {
    const task = tasksByName.get(name);
    const started = results.get(name);
    if (task === undefined || started !== undefined) return started;
    const result = runTask(task);
    results.set(name, result);
    return result;
  };
  const finished = tasks.map(async ({ name }) => [name, await getResult(name)] as const);
  return new Map(
    (await Promise.all(finished)).flatMap(([name, result]) => (result === undefined ? [] : [[name, result] as const])),
  );
};
