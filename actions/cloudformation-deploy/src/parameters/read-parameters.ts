import type { SourceContent, SourceReader } from '../template/source-reader.js';
import { type Origin, type ParameterSet, parseParameters } from './parse-parameters.js';

/** Sources of parameters, as the inputs name them. */
export interface ParameterOptions {
  /** Values, or a reference to a file or an S3 object with values. */
  readonly parameters: string | undefined;
  /** A later file wins. */
  readonly parameterFiles: readonly string[];
}

const toOrigin = ({ name, kind }: SourceContent): Origin => ({ name, file: kind === 'file' ? name : undefined });

/** A single URL. Parameter values never have this form. */
const isReference = (value: string): boolean => /^(?:file|https?|s3):\/\/\S+$/u.test(value.trim());

const INPUT_ORIGIN: Origin = { name: "input 'parameters'", file: undefined };

/** Merges two sets; values of the later one win. */
const mergeParameterSets = (earlier: ParameterSet, later: ParameterSet): ParameterSet => ({
  assignments: new Map([...earlier.assignments, ...later.assignments]),
  tags: later.tags === undefined ? earlier.tags : new Map([...(earlier.tags ?? []), ...later.tags]),
  stackPolicy: later.stackPolicy ?? earlier.stackPolicy,
});

/**
 * Reads the parameter files in order, then the input; a later value wins.
 * @throws DeliveryError naming file and line of what cannot be read or parsed
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
