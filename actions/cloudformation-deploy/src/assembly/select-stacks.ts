import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isLike } from '@aws-delivery/action-kit/util/wildcard';
import type { Assembly, AssemblyStack } from './read-assembly.js';

/** Whether a path matches a pattern: `*` stands for characters of one part, `**` for any number of parts. */
export const matchesPath = (path: string, pattern: string): boolean => {
  const [parts, patternParts] = [path.split('/'), pattern.split('/')];
  // Positions in the pattern that the parts so far can lead to, as in a finite automaton.
  let positions = new Set([0]);
  const addSkipped = (from: ReadonlySet<number>): Set<number> => {
    const all = new Set(from);
    for (const position of all) if (patternParts[position] === '**') all.add(position + 1);
    return all;
  };
  for (const part of parts) {
    const next = new Set<number>();
    for (const position of addSkipped(positions)) {
      const expected = patternParts[position];
      if (expected === '**') next.add(position);
      else if (expected !== undefined && isLike(part, expected)) next.add(position + 1);
    }
    positions = next;
  }
  return addSkipped(positions).has(patternParts.length);
};

/** By display name, as in the CDK, where `*` matches no stack of a stage; else by artifact id or stack name. */
const findMatches = (stacks: readonly AssemblyStack[], pattern: string): readonly AssemblyStack[] => {
  const displayed = stacks.filter(({ displayName }) => matchesPath(displayName, pattern));
  if (displayed.length > 0) return displayed;
  const matches = stacks.filter(({ artifactId, stackName }) =>
    [artifactId, stackName].some((name) => matchesPath(name, pattern)),
  );
  if (matches.length > 0) return matches;
  const names = stacks.map(({ displayName }) => displayName);
  const suggestion = suggestClosest(pattern, names);
  const hint = suggestion === undefined ? `stacks are ${names.join(', ')}` : `did you mean ${suggestion.name}?`;
  throw new DeliveryError('invalid-input', `input 'assembly-stacks': no stack matches '${pattern}': ${hint}`);
};

/** Adds the stacks that the given ones need, directly or not. */
const addDependencies = (selected: ReadonlySet<AssemblyStack>, stacks: readonly AssemblyStack[]) => {
  const all = new Set(selected);
  for (const stack of all) {
    for (const needed of stacks.filter(({ key }) => stack.needs.includes(key))) all.add(needed);
  }
  return all;
};

const rejectErrors = (stacks: readonly AssemblyStack[]): void => {
  const failing = stacks.find(({ errors }) => errors.length > 0);
  if (failing !== undefined) {
    const problem = `the application reports an error for stack ${failing.displayName} (${failing.errors.join('; ')})`;
    throw new DeliveryError('rejected', `${problem}: correct it and synthesize the application again`);
  }
  const legacy = stacks.find(({ legacyImages }) => legacyImages.length > 0);
  if (legacy === undefined) return;
  const problem = `stack ${legacy.displayName} has the image asset '${legacy.legacyImages[0]}' of the legacy synthesizer`;
  throw new DeliveryError('rejected', `${problem}: use the default synthesizer, or deploy with the CDK`);
};

export interface StackSelection {
  /** Patterns; empty for all stacks. */
  readonly patterns: readonly string[];
  /** Leave out the stacks that the selected ones need. */
  readonly exclusively: boolean;
}

/**
 * The stacks of an assembly to work on, with those that they need.
 * @throws DeliveryError for a pattern without a match, an incomplete synthesis, or an error of the application
 */
export const selectStacks = (
  { stacks, missing }: Assembly,
  { patterns, exclusively }: StackSelection,
): readonly AssemblyStack[] => {
  if (missing.length > 0) {
    const problem = `the assembly lacks context values (${missing.join(', ')})`;
    const hint = 'run cdk synth with credentials, commit cdk.context.json, and synthesize the application again';
    throw new DeliveryError('rejected', `${problem}: ${hint}`);
  }
  if (stacks.length === 0)
    throw new DeliveryError('invalid-input', 'the assembly has no stacks: check the application');
  const matches = new Set(patterns.length === 0 ? stacks : patterns.flatMap((pattern) => findMatches(stacks, pattern)));
  const selected = exclusively ? matches : addDependencies(matches, stacks);
  const ordered = stacks.filter((stack) => selected.has(stack));
  rejectErrors(ordered);
  return ordered;
};
