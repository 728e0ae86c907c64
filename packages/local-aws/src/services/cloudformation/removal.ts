import { dependenciesOf, orderOf } from '@aws-delivery/template/dependency';
import { act, type Course, type Ending, type Failure, failureOf, type Job } from './job.js';
import type { ResourceVersion } from './stack.js';

export interface RemovalOptions {
  /** Logical ids that stay, whatever their policy. */
  readonly retain?: ReadonlySet<string>;
  /** Whether `DeletionPolicy: Retain` keeps a resource. */
  readonly obeyPolicies: boolean;
  /** A resource that goes from the stack is gone from its facts as well; one that was replaced is not. */
  readonly replaced?: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** Deletes physical resources, each after those that need it; what a failed deletion needs is left alone. */
export class Removal {
  constructor(
    private readonly job: Job,
    private readonly options: RemovalOptions,
  ) {}

  plan(versions: readonly ResourceVersion[], begin: number): Course {
    const byId = new Map(versions.map((version) => [version.resource.logicalId, version]));
    const graph = dependenciesOf({ resources: new Map([...byId].map(([id, { resource }]) => [id, resource])) });
    const failures: Failure[] = [];
    const finished: number[] = [];
    const ends = new Map<string, number | undefined>();
    for (const logicalId of [...orderOf(graph)].reverse()) {
      const version = byId.get(logicalId);
      const users = [...graph].filter(([, needs]) => needs.has(logicalId)).map(([user]) => ends.get(user));
      if (version === undefined || users.includes(undefined)) continue;
      const start = Math.max(begin, ...users.filter((end) => end !== undefined));
      const { end, reason } = this.#remove(version, start);
      ends.set(logicalId, reason === undefined ? end : undefined);
      finished.push(end);
      if (reason !== undefined) failures.push({ verb: 'delete', logicalId });
    }
    return { end: Math.max(begin, ...finished), failures };
  }

  #remove(version: ResourceVersion, start: number): Ending {
    const { logicalId, type } = version.resource;
    const { journal } = this.job;
    const fact = { logicalId, type, reason: undefined, version };
    const write = (at: number, status: string, reason?: string) => {
      const before = journal.stack.resourceFinally(logicalId);
      journal.resource(at, { ...fact, status, reason });
      // The events tell of the old physical resource, what is true of the new one stays so.
      if (this.options.replaced && before !== undefined) journal.silently(at, before);
    };
    if (this.#stays(version)) {
      write(start, 'DELETE_SKIPPED');
      return { end: start };
    }
    write(start, 'DELETE_IN_PROGRESS');
    const ending = this.#delete(version, start);
    const { end, reason } = ending;
    write(end, reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason);
    return ending;
  }

  #delete(version: ResourceVersion, start: number): Ending {
    if (version.nested === undefined) return act(this.job, 'delete', version, start);
    const course = this.job.nesting.remove(this.job, version.nested, start);
    return { end: course.end, reason: failureOf(course) && 'Embedded stack was not deleted' };
  }

  #stays({ resource }: ResourceVersion): boolean {
    const { retain = NONE, obeyPolicies } = this.options;
    const policy = this.options.replaced ? resource.updateReplacePolicy : resource.deletionPolicy;
    return retain.has(resource.logicalId) || (obeyPolicies && (policy ?? 'Delete').startsWith('Retain'));
  }
}
