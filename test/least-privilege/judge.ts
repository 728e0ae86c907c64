import type { Definition } from '@aws-delivery/action-kit/definition';
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
  /** IAM actions that local AWS asked for. */
  readonly asked: readonly string[];
}

/** Runs the action with these permissions, on an account of its own. */
export type Story = (grant: Grant) => Promise<Ending>;

/** What shows that an action needs a permission, or why nothing does. */
export type Case =
  | { readonly kind: 'fails' | 'goes-on'; readonly story: Story; readonly said: RegExp | undefined }
  | { readonly kind: 'not-asked'; readonly why: string };

/** The story fails without it, by an error that names it; `said` where AWS gives no name (HEAD has no body). */
export const fails = (story: Story, said?: RegExp): Case => ({ kind: 'fails', story, said });

/** The story ends without it as it ends with it, but says `said`: what is missing, or without what it does. */
export const goesOn = (story: Story, said: RegExp): Case => ({ kind: 'goes-on', story, said });

/** No story can show it here. */
export const notAsked = (why: string): Case => ({ kind: 'not-asked', why });

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

/** Takes each permission away in turn. A permission without a case, and a case without its permission, fail. */
export const judge = <D extends Definition>(
  definition: D,
  place: Place,
  cases: Readonly<Record<PermissionOf<D>, Case>>,
): void => {
  const whole = grantOf(definition, place);
  const play = once();
  const rows = Object.entries<Case>(cases);

  describe(`each permission of ${definition.name}`, () => {
    it('has a case', () => {
      const permissions = new Set(whole.Statement.flatMap(({ Action }) => Action));
      expect(rows.map(([permission]) => permission).sort()).toEqual([...permissions].sort());
    });

    it.each(rows)('%s', async (permission, one) => {
      if (one.kind === 'not-asked') {
        // a reason that a story disproves is none
        const asked = await Promise.all(
          rows.map(([, each]) => (each.kind === 'not-asked' ? [] : play(each.story, whole).then(({ asked }) => asked))),
        );
        expect(asked.flat()).not.toContain(permission);
        expect(one.why).toMatch(/\w+ \w+/);
        return;
      }
      const before = await play(one.story, whole);
      if (one.kind === 'fails') expect(before.failed ? before.said : 'passes').toBe('passes');
      const said = one.said ?? refusalOf(permission);
      expect(before.said).not.toMatch(said);
      const after = await one.story(grantOf(definition, place, permission));
      expect(`${after.failed === before.failed ? 'goes-on' : 'fails'}: ${after.said}`).toMatch(
        new RegExp(`^${one.kind}: `),
      );
      expect(after.said).toMatch(said);
    });
  });
};
