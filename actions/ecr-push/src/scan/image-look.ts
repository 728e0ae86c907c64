import { classify } from '@aws-delivery/action-kit/aws-error';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { type Answer, type Scanner, silent, type Target, type Vulnerability } from './answer.js';
import { type Place, targetsOf } from './target.js';

/** A finding in an image, once for all platforms that have it. */
export interface Found extends Vulnerability {
  readonly platforms: readonly string[];
}

/** Everything that the scans of one image say. */
export interface ImageLook {
  /** For people: `app:1.0`. */
  readonly name: string;
  readonly place: Place;
  readonly scanner: string;
  readonly targets: readonly Target[];
  readonly found: readonly Found[];
  /** Why there is no complete answer; empty where there is one. */
  readonly troubles: readonly string[];
}

export interface LookOptions {
  readonly name: string;
  readonly place: Place;
  readonly scannerFor: (place: Place) => Promise<Scanner>;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly log: Log;
}

const REMEDIES: Readonly<Record<string, string>> = {
  denied: ': allow the role what the groups scan-* of iam-policy.json list',
  expired: ': the credentials ended before the answer came, ask for a longer session',
};

const troubleOf = (error: unknown): string => `${textOf(error)}${REMEDIES[classify(error)] ?? ''}`;

const keyOf = ({ finding: { rule, severity }, packages, fixable }: Vulnerability): string =>
  JSON.stringify([rule.id, severity, fixable, packages.map(({ name, version }) => [name, version])]);

interface Asked {
  readonly target: Target;
  readonly answer: Answer;
}

const mergePlatforms = (asked: readonly Asked[]): readonly Found[] => {
  const merged = new Map<string, Found>();
  for (const { target, answer } of asked) {
    for (const each of answer.kind === 'answered' ? answer.vulnerabilities : []) {
      const key = keyOf(each);
      const known = merged.get(key);
      const platforms = [...new Set([...(known?.platforms ?? []), target.platform])];
      merged.set(key, { ...(known ?? each), platforms });
    }
  }
  return [...merged.values()];
};

const namedFor = ({ platform }: Target, text: string): string => (platform === '' ? text : `${platform}: ${text}`);

const ask = async (target: Target, { scannerFor, place, deadline }: LookOptions): Promise<Asked> => {
  try {
    return { target, answer: await (await scannerFor(place)).look(target, deadline) };
  } catch (error) {
    return { target, answer: silent(troubleOf(error)) };
  }
};

const lookAtAll = async (targets: readonly Target[], options: LookOptions): Promise<ImageLook> => {
  const { name, place, scannerFor, log } = options;
  const asked = await Promise.all(targets.map((target) => ask(target, options)));
  const { name: scanner } = await scannerFor(place);
  for (const { target, answer } of asked) {
    if (answer.kind === 'answered' && answer.remark !== undefined) {
      log.warning(`${name}: ${namedFor(target, answer.remark)}`);
    }
  }
  const troubles = asked.flatMap(({ target, answer }) =>
    answer.kind === 'silent' ? [namedFor(target, answer.text)] : [],
  );
  const nothing = targets.length === 0 ? ['it is an index without an image'] : [];
  return { name, place, scanner, targets, found: mergePlatforms(asked), troubles: [...troubles, ...nothing] };
};

/** Asks for the scans of an image, each platform's. What goes wrong is trouble of this image: it never throws. */
export const lookAt = async (options: LookOptions): Promise<ImageLook> => {
  const { name, place } = options;
  try {
    return await lookAtAll(await targetsOf(place), options);
  } catch (error) {
    return { name, place, scanner: '', targets: [], found: [], troubles: [troubleOf(error)] };
  }
};
