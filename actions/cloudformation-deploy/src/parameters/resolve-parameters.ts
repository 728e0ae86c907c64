import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import type { Parameter as TemplateParameter } from '@aws-delivery/template/parameter';
import {
  type ParameterIssue as TemplateParameterIssue,
  validateParameters,
} from '@aws-delivery/template/parameter-validation';
import type { Template } from '@aws-delivery/template/template';
import { shortenValue } from '@aws-delivery/template/value';
import type { Assignment } from './parse-parameters.js';

/** A parameter of CreateChangeSet. */
export type ResolvedParameter =
  | { readonly ParameterKey: string; readonly ParameterValue: string }
  | { readonly ParameterKey: string; readonly UsePreviousValue: true };

/** An invalid parameter. */
export interface ParameterIssue {
  readonly parameter: string;
  /** Value, rule and hint; without NoEcho values. */
  readonly message: string;
  /** Position of the value if it is in a file, otherwise of the parameter's declaration in the template. */
  readonly location: AnnotationProperties;
}

/** Resolved or rejected parameters. Secrets are values of NoEcho parameters, which must be masked before any output. */
export type ParameterResolution = { readonly secrets: readonly string[] } & (
  | {
      readonly kind: 'resolved';
      readonly parameters: readonly ResolvedParameter[];
      /** Lines for the log about values that differ from the template's defaults. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'rejected'; readonly issues: readonly ParameterIssue[] }
);

export interface ResolveParametersOptions {
  readonly template: Template;
  /** Path of the template for annotations; undefined if it is not a file. */
  readonly file: string | undefined;
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Current values of the stack, `****` for NoEcho parameters; undefined when the stack is to be created. */
  readonly previous: ReadonlyMap<string, string> | undefined;
  /** Parameters without an assignment keep their current value or return to their default. */
  readonly unmentioned: 'keep' | 'reset';
}

/** CloudFormation's placeholder for NoEcho values. */
const HIDDEN_VALUE = '****';

type Values = ReadonlyMap<string, string>;

const NO_VALUES: Values = new Map();

/** Names of parameters that keep their previous value, by assignment or for lack of one. */
const listRetainedParameters = ({
  template,
  assignments,
  previous = NO_VALUES,
  unmentioned,
}: ResolveParametersOptions): readonly string[] => {
  const isRetained = (name: string): boolean => {
    const kind = assignments.get(name)?.kind;
    return kind === 'previous' || (kind === undefined && unmentioned === 'keep');
  };
  // Without its current value, a parameter of a template that was not read would return to its default.
  const isDeclared = (name: string): boolean => template.isUnread || template.parameters.has(name);
  return [...previous.keys()].filter((name) => isDeclared(name) && isRetained(name));
};

class Resolver {
  private readonly providedValues: Values;
  private readonly retainedNames: ReadonlySet<string>;
  /** Previous values that are kept and not hidden. */
  private readonly knownValues: Values;

  constructor(private readonly options: ResolveParametersOptions) {
    const { assignments, previous = NO_VALUES } = options;
    this.providedValues = new Map(
      [...assignments].flatMap(([name, assignment]) =>
        assignment.kind === 'value' ? [[name, assignment.value] as const] : [],
      ),
    );
    this.retainedNames = new Set(listRetainedParameters(options));
    this.knownValues = new Map(
      [...previous].filter(([name, value]) => this.retainedNames.has(name) && !this.isHidden(name, value)),
    );
  }

  getParameters(): readonly ResolvedParameter[] {
    return [
      ...[...this.providedValues].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      ...[...this.retainedNames].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true as const })),
    ];
  }

  getSecrets(): readonly string[] {
    return [...this.providedValues].filter(([name]) => this.isNoEcho(name)).map(([, value]) => value);
  }

  /** All issues, constraints on kept values included, since CloudFormation validates those as well. */
  findIssues(): readonly ParameterIssue[] {
    const { template, assignments } = this.options;
    if (template.isUnread) return [];
    const uncheckedNames = [...this.retainedNames, ...assignments.keys()].filter(
      (name) => !this.knownValues.has(name) && !this.providedValues.has(name),
    );
    const issues = validateParameters(
      template,
      new Map([...this.providedValues, ...this.knownValues]),
      new Set(uncheckedNames),
    );
    const missingPrevious = new Map(this.findMissingPrevious().map((issue) => [issue.parameter, issue]));
    return [
      ...missingPrevious.values(),
      ...issues.filter(({ parameter }) => !missingPrevious.has(parameter)).map((issue) => this.locateIssue(issue)),
    ];
  }

  getNotes(): readonly string[] {
    const { template, unmentioned } = this.options;
    return [...template.parameters.values()].flatMap((parameter) =>
      unmentioned === 'keep' ? this.formatRetainedNote(parameter) : this.formatResetNote(parameter),
    );
  }

  private formatRetainedNote({ name, default: defaultValue }: TemplateParameter): readonly string[] {
    const value = this.knownValues.get(name);
    if (value === undefined || defaultValue === undefined || value === defaultValue || this.isNoEcho(name)) return [];
    const hint = 'To change it, set the parameter or reset-parameters: true';
    return [
      `Parameter ${name} keeps the stack's value '${shortenValue(value)}'. The template's default is '${shortenValue(defaultValue)}'. ${hint}`,
    ];
  }

  private formatResetNote({ name, default: defaultValue }: TemplateParameter): readonly string[] {
    const value = this.options.previous?.get(name);
    const isReset = value !== undefined && !this.providedValues.has(name) && !this.retainedNames.has(name);
    if (!isReset || defaultValue === undefined || value === defaultValue || this.isHidden(name, value)) return [];
    return [
      `Parameter ${name} is reset from '${shortenValue(value)}' to the template's default '${shortenValue(defaultValue)}'`,
    ];
  }

  /** Assignments of a previous value that does not exist. */
  private findMissingPrevious(): readonly ParameterIssue[] {
    const { template, assignments, previous } = this.options;
    const reason = previous === undefined ? 'the stack does not exist' : 'the stack does not have this parameter';
    return [...assignments]
      .filter(
        ([name, { kind }]) => kind === 'previous' && template.parameters.has(name) && !this.retainedNames.has(name),
      )
      .map(([name, { location }]) => ({
        parameter: name,
        message: `parameter ${name} cannot keep its previous value because ${reason}: set a value`,
        location,
      }));
  }

  private locateIssue({ parameter, message, position }: TemplateParameterIssue): ParameterIssue {
    const { file, assignments } = this.options;
    const retainedHint = this.knownValues.has(parameter) ? ". This is the stack's current value: set another one" : '';
    const assignedLocation = assignments.get(parameter)?.location ?? {};
    const declaredLocation =
      file === undefined || position === undefined
        ? {}
        : { file, startLine: position.line, startColumn: position.column };
    return {
      parameter,
      message: `${message}${retainedHint}`,
      location: assignedLocation.file === undefined ? declaredLocation : assignedLocation,
    };
  }

  private isNoEcho(name: string): boolean {
    return this.options.template.parameters.get(name)?.noEcho ?? false;
  }

  private isHidden(name: string, value: string): boolean {
    return value === HIDDEN_VALUE || this.isNoEcho(name);
  }
}

/**
 * Resolves the parameters of CreateChangeSet. Assigned values win; a parameter without an assignment keeps the stack's
 * value if the new template still declares it, or returns to its default. Errors that CloudFormation would report are
 * found before any call: unknown names (with the closest match), missing values, violated constraints.
 */
export const resolveParameters = (options: ResolveParametersOptions): ParameterResolution => {
  const resolver = new Resolver(options);
  const [secrets, issues] = [resolver.getSecrets(), resolver.findIssues()];
  if (issues.length > 0) return { kind: 'rejected', secrets, issues };
  return { kind: 'resolved', secrets, parameters: resolver.getParameters(), notes: resolver.getNotes() };
};
