import {
  type Definition,
  type Environment,
  findDeclaration,
  type Inputs,
  type Output,
  type Outputs,
  type OutputValue,
} from '../inputs/definition.js';
import { readInputs } from '../inputs/read-inputs.js';
import { heading, joinBlocks, LIMITS, md, raw, truncateMarkdown } from '../report/markdown.js';
import { addReportLabel, getReportLabel } from '../report/report-name.js';
import { DeliveryError, errorMessage } from '../util/error.js';
import { assertWritable, type ValueKind } from './command-value.js';
import { createGitHubHost, type Host } from './host.js';
import type { AnnotationProperties } from './log.js';
import { limitSleep, withTimeLimit } from './time-limit.js';
import { applyUnusedExceptions, type UnusedExceptions } from './unused-exceptions.js';

/** Verdict of a run. A thrown error means an unknown result and fails the step, too. */
export type Verdict = { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly reason: string };

export const passed: Verdict = { kind: 'passed' };
export const failed = (reason: string): Verdict => ({ kind: 'failed', reason });

/** A message that the host shows next to the code when it has a file. */
export interface Annotation extends AnnotationProperties {
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
}

/** Everything that is published of a result. */
export interface Report<D extends Definition> {
  readonly verdict: Verdict;
  /** Set regardless of the verdict, so that partial results survive a failure. */
  readonly outputs: Outputs<D>;
  /** Exported to later steps only when the verdict is `passed`. */
  readonly environment?: Environment<D>;
  /** Markdown for the job summary, of any length; empty for none. */
  readonly summary: string;
  readonly annotations?: readonly Annotation[];
  /** Reported under the input `on-unused-exception`. */
  readonly unusedExceptions?: UnusedExceptions | undefined;
}

/** An action: creates its services, runs, and reports the result. */
export interface Action<D extends Definition, S, R> {
  createServices(inputs: Inputs<D>, host: Host): S | Promise<S>;
  run(inputs: Inputs<D>, services: S): Promise<R>;
  /** Limit of `run` in milliseconds; undefined for none. */
  getTimeLimit?(inputs: Inputs<D>): number | undefined;
  report(result: R): Report<D> | Promise<Report<D>>;
  /** Inputs that tell the reports of a job apart, for the heading of the summary. */
  getReportParts?(inputs: Inputs<D>): readonly string[];
}

/** Reads the inputs, runs the action and publishes its report; the only place that fails a step. */
export const runAction = async <D extends Definition, S, R>(
  definition: D,
  action: Action<D, S, R>,
  unlimitedHost: Host = createGitHubHost(),
): Promise<void> => {
  const host = { ...unlimitedHost, clock: limitSleep(unlimitedHost.clock) };
  try {
    const inputs = readInputs(definition, host.env, host.mask);
    const services = await action.createServices(inputs, host);
    const limit = action.getTimeLimit?.(inputs);
    const result = await withTimeLimit(host.clock, limit, () => action.run(inputs, services));
    const policy = findInputValue(inputs, 'on-unused-exception');
    const report = applyUnusedExceptions(await action.report(result), policy);
    const label = getReportLabel(inputs, action.getReportParts?.(inputs));
    await publishReport(definition, { ...report, summary: addReportLabel(report.summary, label) }, host);
  } catch (error) {
    host.log.debug(error instanceof Error ? (error.stack ?? '') : '');
    await writeSummary(renderErrorSummary(definition, error), host);
    host.fail(errorMessage(error));
  }
};

/** The value of an input that only some actions have. */
const findInputValue = (inputs: Readonly<Record<string, unknown>>, name: string): unknown => inputs[name];

/** Mostly invalid inputs. Users read the summary before the log. */
const renderErrorSummary = ({ title }: Definition, error: unknown): string =>
  joinBlocks(heading(2, md`${raw('❌')} ${title}`), md`${errorMessage(error)}`).markdown;

/** Runs a post step. Errors become warnings, since the job's result is already decided. */
export const runPost = async (post: (host: Host) => Promise<void>, host: Host = createGitHubHost()): Promise<void> => {
  try {
    await post(host);
  } catch (error) {
    host.log.warning(`Cleanup failed: ${errorMessage(error)}`);
  }
};

const publishReport = async <D extends Definition>(definition: D, report: Report<D>, host: Host): Promise<void> => {
  const outputs = collectDeclaredValues('output', definition.outputs, report.outputs);
  const environment = collectDeclaredValues('environment variable', definition.environment, report.environment ?? {});
  for (const { secret, value } of [...outputs, ...environment]) if (secret) host.mask(value);
  for (const { name, value } of outputs) host.setOutput(name, value);
  for (const { level, message, ...properties } of report.annotations ?? []) host.log[level](message, properties);
  await writeSummary(report.summary, host);
  if (report.verdict.kind === 'failed') host.fail(report.verdict.reason);
  else for (const { name, value } of environment) host.exportVariable(name, value);
};

/** Writes the summary, truncated to the host's limit. A failure is a warning: it does not change the result. */
const writeSummary = async (summary: string, host: Host): Promise<void> => {
  if (summary === '') return;
  try {
    await host.writeSummary(truncateMarkdown(host.redactor.redact(summary), LIMITS.summary));
  } catch (error) {
    host.log.warning(`cannot write the job summary: ${errorMessage(error)}`);
  }
};

interface DeclaredValue {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/**
 * Checks all values, so that none is published when one is invalid.
 * @throws DeliveryError `unexpected` for a name that the definition does not declare: a defect of the action
 */
const collectDeclaredValues = (
  kind: ValueKind,
  declarations: Readonly<Record<string, Output>> | undefined,
  values: Readonly<Record<string, OutputValue | undefined>>,
): readonly DeclaredValue[] =>
  Object.entries(values).flatMap(([name, value]) => {
    const declaration = findDeclaration(declarations, name);
    if (declaration === undefined) throw new DeliveryError('unexpected', `${kind} '${name}' is not declared`);
    if (value === undefined) return [];
    const declared = { name, value: formatValue(value), secret: declaration.secret ?? false };
    assertWritable(kind, declared.name, declared.value);
    return [declared];
  });

const formatValue = (value: OutputValue): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);
