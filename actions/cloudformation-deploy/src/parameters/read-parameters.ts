import type { SourceContent, SourceReader } from '../template/source-reader.js';
import { type Origin, type ParameterSet, parseParameters } from './parse-parameters.js';

/** Where parameters come from, as given. */
export interface ParameterOptions {
  /** Values, or a reference to a file or an object with them. */
  readonly parameters: string | undefined;
  /** In their order: a later one wins. */
  readonly parameterFiles: readonly string[];
}

const toOrigin = ({ name, kind }: SourceContent): Origin => ({ name, file: kind === 'file' ? name : undefined });

/** One word that begins like an address: values never do. */
const isReference = (value: string): boolean => /^(?:file|https?|s3):\/\/\S+$/u.test(value.trim());

const INPUT_ORIGIN: Origin = { name: "input 'parameters'", file: undefined };

/** Both together: what the later one says wins, and what it does not mention stays. */
const mergeParameterSets = (earlier: ParameterSet, later: ParameterSet): ParameterSet => ({
  assignments: new Map([...earlier.assignments, ...later.assignments]),
  tags: later.tags === undefined ? earlier.tags : new Map([...(earlier.tags ?? []), ...later.tags]),
  stackPolicy: later.stackPolicy ?? earlier.stackPolicy,
});

/**
 * Everything given with parameters: the files in their order, then the input itself, a later value winning.
 * @throws DeliveryError naming file and line of what cannot be read or understood
 */
export const readParameters = async (options: ParameterOptions, sourceReader: SourceReader): Promise<ParameterSet> => {
  const { parameters = '', parameterFiles } = options;
  const readReference = async (reference: string): Promise<ParameterSet> => {
    const source = await sourceReader.read(reference);
    return parseParameters(source.content, toOrigin(source));
  };
  const files = await Promise.all(parameterFiles.map(readReference));
  const inputParameters = isReference(parameters)
    ? await readReference(parameters.trim())
    : parseParameters(parameters, INPUT_ORIGIN);
  return [...files, inputParameters].reduce(mergeParameterSets);
};
