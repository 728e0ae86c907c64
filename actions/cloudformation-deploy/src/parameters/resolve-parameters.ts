import type { AnnotationProperties } from '@aws-delivery/action-kit/host/log';
import type { Parameter as TemplateParameter } from '@aws-delivery/template/parameter';
import {
  type ParameterIssue as TemplateParameterIssue,
  validateParameters,
} from '@aws-delivery/template/parameter-validation';
import type { Template } from '@aws-delivery/template/template';
import type { Assignment } from './parse-parameters.js';

/** One parameter as the API takes it. */
export type ResolvedParameter =
  | { readonly ParameterKey: string; readonly ParameterValue: string }
  | { readonly ParameterKey: string; readonly UsePreviousValue: true };

/** A parameter that cannot go to AWS as it is. */
export interface ParameterIssue {
  readonly parameter: string;
  /** Value, rule and remedy; hidden values are not in it. */
  readonly message: string;
  /** Where the value is given, if that is in a file; else where the template declares the parameter. */
  readonly location: AnnotationProperties;
}

/** What becomes of the parameters. Secrets are values of NoEcho parameters, to be masked before anything is shown. */
export type ParameterResolution = { readonly secrets: readonly string[] } & (
  | {
      readonly kind: 'resolved';
      readonly parameters: readonly ResolvedParameter[];
      /** Lines for the log: values that are not what the template's defaults would make one expect. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'rejected'; readonly issues: readonly ParameterIssue[] }
);

export interface ResolveParametersOptions {
  /** The template that is to be deployed. */
  readonly template: Template;
  /** Its path, for annotations. */
  readonly file: string | undefined;
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Values the stack has, `****` for hidden ones; undefined when the stack is to be created. */
  readonly previous: ReadonlyMap<string, string> | undefined;
  /** What becomes of parameters that nobody mentions. */
  readonly unmentioned: 'keep' | 'reset';
}

/** What AWS shows instead of a NoEcho value. */
const HIDDEN_VALUE = '****';

type Values = ReadonlyMap<string, string>;

const NO_VALUES: Values = new Map();

/** Names of parameters whose previous value stays: asked for, or not mentioned. */
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
  return [...previous.keys()].filter((name) => template.parameters.has(name) && isRetained(name));
};

/** What is decided for each parameter, and what that means. */
class Resolver {
  private readonly providedValues: Values;
  private readonly retainedNames: ReadonlySet<string>;
  /** Previous values that stay and are not hidden. */
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

  /** Everything that is wrong, constraints on values that stay included: AWS would check those as well. */
  findIssues(): readonly ParameterIssue[] {
    const { template, assignments } = this.options;
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
    const hint = 'give it a value, or set reset-parameters, to change it';
    return [
      `parameter ${name} keeps '${value}', which the stack has; the template's default is '${defaultValue}': ${hint}`,
    ];
  }

  private formatResetNote({ name, default: defaultValue }: TemplateParameter): readonly string[] {
    const value = this.options.previous?.get(name);
    const isReset = value !== undefined && !this.providedValues.has(name) && !this.retainedNames.has(name);
    if (!isReset || defaultValue === undefined || value === defaultValue || this.isHidden(name, value)) return [];
    return [`parameter ${name} goes back from '${value}' to the template's default '${defaultValue}'`];
  }

  /** Parameters whose previous value is asked for where there is none. */
  private findMissingPrevious(): readonly ParameterIssue[] {
    const { template, assignments, previous } = this.options;
    const reason = previous === undefined ? 'there is no stack yet' : 'the stack has no such parameter';
    return [...assignments]
      .filter(
        ([name, { kind }]) => kind === 'previous' && template.parameters.has(name) && !this.retainedNames.has(name),
      )
      .map(([name, { location }]) => ({
        parameter: name,
        message: `parameter ${name} cannot keep its previous value, ${reason}: give it a value`,
        location,
      }));
  }

  private locateIssue({ parameter, message, position }: TemplateParameterIssue): ParameterIssue {
    const { file, assignments } = this.options;
    const retainedHint = this.knownValues.has(parameter) ? '; it is the value the stack has: give it another' : '';
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
 * Parameters as they go to AWS: what is given wins; what nobody mentions keeps the value the stack has, where the new
 * template has such a parameter too, or goes back to its default. All that AWS would refuse is found here, before any
 * call: unknown names (with the nearest known one), missing values, broken constraints.
 */
export const resolveParameters = (options: ResolveParametersOptions): ParameterResolution => {
  const resolver = new Resolver(options);
  const [secrets, issues] = [resolver.getSecrets(), resolver.findIssues()];
  if (issues.length > 0) return { kind: 'rejected', secrets, issues };
  return { kind: 'resolved', secrets, parameters: resolver.getParameters(), notes: resolver.getNotes() };
};
