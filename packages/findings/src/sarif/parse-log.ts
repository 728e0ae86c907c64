import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { z } from 'zod';
import { type SarifLog, type SarifResult, sarifLog, sarifResult } from './schema.js';
import { type ResultTexts, splitLog } from './split-log.js';

const createSarifError = (name: string, detail: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `'${name}' is not SARIF 2.1.0: ${detail}`, { cause });

/** The error that JSON.parse reports for the whole text, with the place of the first fault. */
const explainSyntaxError = (bytes: Buffer, error: unknown): unknown => {
  try {
    JSON.parse(bytes.toString('utf8'));
    return error;
  } catch (syntaxError) {
    return syntaxError;
  }
};

const createJsonError = (name: string, error: unknown): DeliveryError => {
  const advice = 'Make sure that the scanner completes and writes only SARIF to this file.';
  return createSarifError(name, `invalid JSON (${errorMessage(error)}). ${advice}`, error);
};

const removeNullsFrom = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(removeNullsFrom);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, removeNullsFrom(member)]));
};

/** Parses JSON without members that are null, which some scanners write in place of leaving them out. */
const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  return text.includes('null') ? removeNullsFrom(value) : value;
};

interface Violation {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Violations of the schema: only the first one is reported, with the number of the others. */
class Violations {
  private first: Violation | undefined;
  private count = 0;

  constructor(private readonly name: string) {}

  get isEmpty(): boolean {
    return this.count === 0;
  }

  add({ issues }: z.core.$ZodError, parentPath: readonly PropertyKey[]): this {
    const [issue] = issues;
    if (issue !== undefined) this.first ??= { path: [...parentPath, ...issue.path], message: issue.message };
    this.count += issues.length;
    return this;
  }

  throwFirst(): never {
    const path = z.core.toDotPath([...(this.first?.path ?? [])]);
    const others = this.count > 1 ? ` (and ${pluralize(this.count - 1, 'more error')})` : '';
    const detail = `${path === '' ? 'the file' : path}: ${this.first?.message ?? 'invalid'}${others}`;
    throw createSarifError(this.name, detail);
  }
}

/** Results of a log, parsed when they are read: all of them as objects would take much memory. */
export class ResultReader {
  constructor(
    private readonly texts: ResultTexts,
    private readonly violations: Violations,
  ) {}

  /** Reads the result at a position of the log; undefined if it violates the schema. */
  read(position: number): SarifResult | undefined {
    const parsed = sarifResult.safeParse(parseJson(this.texts.getText(position)));
    if (parsed.success) return parsed.data;
    this.violations.add(parsed.error, this.texts.getPath(position));
    return undefined;
  }

  /** Reads a result again that was valid before; validating it twice would take a third of the time. */
  readAgain(position: number): SarifResult {
    return parseJson(this.texts.getText(position)) as SarifResult;
  }
}

/**
 * Parses the bytes of a log, as UTF-8. Its lists of results contain positions.
 * @param readLog takes the findings from the log and its results
 * @throws DeliveryError `invalid-input` with the path of the first violation of the fields that are read
 */
export const parseLog = <T>(bytes: Buffer, name: string, readLog: (log: SarifLog, results: ResultReader) => T): T => {
  const violations = new Violations(name);
  try {
    const { frame, results } = splitLog(bytes);
    const log = sarifLog.safeParse(parseJson(frame));
    if (!log.success) return violations.add(log.error, []).throwFirst();
    const content = readLog(log.data, new ResultReader(results, violations));
    if (violations.isEmpty) return content;
  } catch (error) {
    throw error instanceof SyntaxError ? createJsonError(name, explainSyntaxError(bytes, error)) : error;
  }
  return violations.throwFirst();
};
