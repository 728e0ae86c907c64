import { overrideInputs, readInputs } from '@aws-delivery/action-kit/inputs/read-inputs';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { parseTemplateDocument, type TemplateDocument } from '@aws-delivery/template/document';
import { isList, isMapping, type Mapping, type Path, toScalarString, type Value } from '@aws-delivery/template/value';
import { definition, type Inputs } from '../../action.js';
import { stackSetInputs } from '../inputs/stack-set.js';
import type { Services } from '../services.js';

/** One entry of `stacks`: a stack with all of its inputs. */
export interface StackEntry {
  readonly name: string;
  /** Names in `needs`. */
  readonly needs: readonly string[];
  /** Inputs of the step, overridden by those of the entry. */
  readonly inputs: Inputs;
}

/** Inputs of the step as a whole, which an entry cannot have. */
const STEP_INPUTS: readonly (keyof Inputs)[] = [
  'stacks',
  'concurrency',
  'assembly',
  'assembly-stacks',
  'exclusively',
  'role-fallback',
  'delete-empty-stacks',
  ...(Object.keys(stackSetInputs) as (keyof typeof stackSetInputs)[]),
  'mode',
  'wait',
  'timeout',
  'no-execute-changeset',
  'comment',
  'report-name',
  'matrix',
  'on-unused-exception',
  'github-token',
  'aws-region',
  'http-proxy',
];

/** Names under which entries may set the inputs of the step as well. */
const listStepInputNames = (): readonly string[] =>
  STEP_INPUTS.flatMap((name) => [name, ...Object.keys(findInput(name)?.aliases ?? {})]);

const findInput = (name: string) => {
  const inputs = Object.entries(definition.inputs);
  return inputs.find(([declared, { aliases = {} }]) => declared === name || Object.hasOwn(aliases, name))?.[1];
};

/** The text of an input with this value: scalars as they are written, lists and mappings as JSON. */
const formatInputValue = (value: Value, kind: string | undefined): string => {
  const scalar = toScalarString(value);
  if (scalar !== undefined) return scalar;
  const items = isList(value) ? value.map(toScalarString) : [];
  return kind === 'lines' && !items.includes(undefined) ? items.join('\n') : JSON.stringify(value);
};

/** Reads the entries of a list; errors name its file and line. */
class StackListReader {
  private readonly document: TemplateDocument;

  constructor(
    content: string,
    private readonly source: string,
    private readonly services: Services,
  ) {
    try {
      this.document = parseTemplateDocument(content, { scalars: 'source' });
    } catch (error) {
      throw new DeliveryError('invalid-input', `${source}: ${errorMessage(error)}`, { cause: error });
    }
  }

  readEntries(): readonly StackEntry[] {
    const { value, warnings } = this.document;
    const [warning] = warnings;
    if (warning !== undefined) {
      const isDuplicate = warning.code === 'duplicate-key';
      const rule = isDuplicate ? 'a key is set more than once: remove all but one' : warning.message;
      throw this.createError(warning.position?.line, rule);
    }
    if (!isList(value) || value.length === 0)
      throw this.createError(undefined, 'is not a list of stacks: write - name: …');
    const names = new Set<string>();
    return value.map((item, index) => {
      const entry = this.readEntry(item, [index]);
      if (names.has(entry.name)) throw this.createErrorAt([index], `stack ${entry.name} is listed twice: remove one`);
      names.add(entry.name);
      return entry;
    });
  }

  private readEntry(item: Value, path: Path): StackEntry {
    if (!isMapping(item)) throw this.createErrorAt(path, 'is not a stack: write a mapping with name and template');
    const { needs = [], ...values } = item;
    const name = toScalarString(values['name'] ?? values['stack-name']);
    if (name === undefined || name === '') throw this.createErrorAt(path, 'has no name: add the name of the stack');
    try {
      return { name, needs: this.readNeeds(needs, path), inputs: this.readEntryInputs(values) };
    } catch (error) {
      throw this.createErrorAt(path, `stack ${name}: ${errorMessage(error)}`, error);
    }
  }

  private readNeeds(value: Value, path: Path): readonly string[] {
    const items = (isList(value) ? value : [value]).map(toScalarString).filter((item) => item !== undefined);
    if (items.length === (isList(value) ? value.length : 1)) return items;
    throw this.createErrorAt([...path, 'needs'], 'is not a list of stack names');
  }

  private readEntryInputs(values: Mapping): Inputs {
    const stepInputs = listStepInputNames();
    const texts = Object.entries(values).map(([name, value]) => {
      if (stepInputs.includes(name)) {
        throw new DeliveryError('invalid-input', `'${name}' applies to all stacks: set it as an input of the step`);
      }
      if (value === null) throw new DeliveryError('invalid-input', `'${name}' has no value: set it, or remove it`);
      return [name, formatInputValue(value, findInput(name)?.kind)] as const;
    });
    const { env, mask } = this.services.host;
    return readInputs(definition, overrideInputs(definition, env, Object.fromEntries(texts)), mask);
  }

  private createErrorAt(path: Path, rule: string, cause?: unknown): DeliveryError {
    return this.createError(this.document.getPosition(path)?.line, rule, cause);
  }

  private createError(line: number | undefined, rule: string, cause?: unknown): DeliveryError {
    const location = line === undefined ? this.source : `${this.source}:${line}`;
    return new DeliveryError('invalid-input', `${location}: ${rule}`, { cause });
  }
}

/** A list, in contrast to the location of a file. */
const isInline = (stacks: string): boolean => /^[-[{]|\n/u.test(stacks.trim());

/**
 * Reads `stacks`.
 * @throws DeliveryError with file and line
 */
export const readStackEntries = async (stacks: string, services: Services): Promise<readonly StackEntry[]> => {
  if (isInline(stacks)) return new StackListReader(stacks, "input 'stacks'", services).readEntries();
  const { content, name } = await services.inputLoader.readSource(stacks.trim());
  return new StackListReader(content, name, services).readEntries();
};
