import type { Definition } from '@aws-delivery/action-kit/definition';
import type { CallRecord } from '@aws-delivery/local-aws/journal';
import { describe, expect, it } from '@jest/globals';

/** Every IAM permission that an action's definition names. */
export type PermissionOf<D extends Definition> = D['permissions'][keyof D['permissions']][number]['actions'][number];

/** What a story's credentials may do. */
export interface Grant {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** How a story ended. */
export interface Ending {
  readonly failed: boolean;
  /** Errors, log and summary. */
  readonly said: string;
  /** IAM actions behind the answers it got (`usedIn`). */
  readonly used: readonly string[];
}

/** Runs the action with these permissions, on an account of its own. */
export type Story = (grant: Grant) => Promise<Ending>;

/** What shows that an action needs a permission, or why nothing does. */
export type Case =
  | { readonly kind: 'fails' | 'goes-on'; readonly story: Story; readonly said: RegExp | undefined }
  | { readonly kind: 'unshown'; readonly why: string };

/** The story fails without it, by an error that names it; `said` where AWS gives no name (HEAD has no body). */
export const fails = (story: Story, said?: RegExp): Case => ({ kind: 'fails', story, said });

/** The story ends without it as it ends with it, but says `said`: what is missing, or without what it does. */
export const goesOn = (story: Story, said: RegExp): Case => ({ kind: 'goes-on', story, said });

/** No story can show it here: local AWS does not ask for it, or has no answer to what needs it. */
export const unshown = (why: string): Case => ({ kind: 'unshown', why });

/** The IAM actions that calls needed and were granted, where they had an answer. */
export const usedIn = (calls: readonly CallRecord[]): readonly string[] =>
  calls.filter(({ via, error }) => via === undefined && error === undefined).flatMap(({ actions }) => actions);

export interface Place {
  readonly region: string;
  readonly account: string;
}

/** The policy an action comes with, for one account and Region; without one permission where it is named. */
export const grantOf = ({ permissions }: Definition, { region, account }: Place, without?: string): Grant => {
  const fill = (resource: string): string =>
    resource.replace('${Partition}', 'aws').replace('${Region}', region).replace('${Account}', account);
  const statements = Object.values(permissions)
    .flat()
    .map(({ actions, resources, conditions }) => ({
      Effect: 'Allow' as const,
      Action: actions.filter((action) => action !== without),
      Resource: resources.map(fill),
      ...(conditions !== undefined && { Condition: conditions }),
    }));
  return { Version: '2012-10-17', Statement: statements.filter(({ Action }) => Action.length > 0) };
};

/** The regular expression for the refusal of a permission, in AWS's words. */
const refusalOf = (permission: string): RegExp => new RegExp(`not authorized to perform: ${permission}\\b`);

/** Runs each story once with everything it may need: what it says then is what the rest is held against. */
const once = (): ((story: Story, grant: Grant) => Promise<Ending>) => {
  const known = new Map<Story, Promise<Ending>>();
  return (story, grant) => {
    const ending = known.get(story) ?? story(grant);
    known.set(story, ending);
    return ending;
  };
};

/** What one definition is judged with. */
interface Trial {
  readonly whole: Grant;
  readonly without: (permission: string) => Grant;
  readonly play: (story: Story, grant: Grant) => Promise<Ending>;
}

/** A reason that a story disproves is none. One after the other: stories may share this process's environment. */
const checkReason = async ({ whole, play }: Trial, permission: string, cases: readonly Case[]): Promise<void> => {
  for (const each of cases) {
    if (each.kind !== 'unshown') expect((await play(each.story, whole)).used).not.toContain(permission);
  }
};

const checkStory = async (
  { whole, without, play }: Trial,
  permission: string,
  { kind, story, said = refusalOf(permission) }: Exclude<Case, { kind: 'unshown' }>,
): Promise<void> => {
  const before = await play(story, whole);
  if (kind === 'fails') expect(before.failed ? before.said : 'passes').toBe('passes');
  expect(before.said).not.toMatch(said);
  const after = await story(without(permission));
  const became = after.failed === before.failed ? 'goes-on' : 'fails';
  expect(`${became}: ${after.said}`).toMatch(new RegExp(`^${kind}: `));
  expect(after.said).toMatch(said);
};

/** Takes each permission away in turn. A permission without a case, and a case without its permission, fail. */
export const judge = <D extends Definition>(
  definition: D,
  place: Place,
  cases: Readonly<Record<PermissionOf<D>, Case>>,
): void => {
  const whole = grantOf(definition, place);
  const trial = { whole, without: (permission: string) => grantOf(definition, place, permission), play: once() };
  const rows = Object.entries<Case>(cases);

  describe(`each permission of ${definition.name}`, () => {
    it('has a case', () => {
      const permissions = new Set(whole.Statement.flatMap(({ Action }) => Action));
      expect(rows.map(([permission]) => permission).sort()).toEqual([...permissions].sort());
    });

    it.each(rows)('%s', async (permission, one) => {
      if (one.kind !== 'unshown') return checkStory(trial, permission, one);
      expect(one.why).toMatch(/\w+ \w+/);
      const others = rows.map(([, each]) => each);
      return checkReason(trial, permission, others);
    });
  });
};
