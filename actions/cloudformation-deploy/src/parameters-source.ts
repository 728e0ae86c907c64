import { type Origin, type ParameterSet, parseParameters } from './parameters-document.js';
import type { SourceText, TextSource } from './text-source.js';

/** Where parameters come from, as given. */
export interface ParameterWish {
  /** Values, or a reference to a file or an object with them. */
  readonly parameters: string | undefined;
  /** In their order: a later one wins. */
  readonly parameterFiles: readonly string[];
}

const originOf = ({ name, from }: SourceText): Origin => ({ name, file: from.kind === 'file' ? name : undefined });

/** One word that begins like an address: values never do. */
const isReference = (text: string): boolean => /^(?:file|https?|s3):\/\/\S+$/u.test(text.trim());

const INPUT: Origin = { name: "input 'parameters'", file: undefined };

/** Both together: what the later one says wins, and what it does not mention stays. */
const merge = (earlier: ParameterSet, later: ParameterSet): ParameterSet => ({
  assignments: new Map([...earlier.assignments, ...later.assignments]),
  tags: later.tags === undefined ? earlier.tags : new Map([...(earlier.tags ?? []), ...later.tags]),
  stackPolicy: later.stackPolicy ?? earlier.stackPolicy,
});

/**
 * Everything given with parameters: the files in their order, then the input itself, a later value winning.
 * @throws DeliveryError naming file and line of what cannot be read or understood
 */
export const readParameters = async (wish: ParameterWish, texts: TextSource): Promise<ParameterSet> => {
  const { parameters = '', parameterFiles } = wish;
  const read = async (reference: string): Promise<ParameterSet> => {
    const source = await texts.read(reference);
    return parseParameters(source.text, originOf(source));
  };
  const files = await Promise.all(parameterFiles.map(read));
  const own = isReference(parameters) ? await read(parameters.trim()) : parseParameters(parameters, INPUT);
  return [...files, own].reduce(merge);
};
