import type { Place } from '@aws-delivery/action-kit/log';
import { checkParameters, type ParameterFault as TemplateFault } from '@aws-delivery/template/constraint';
import type { Parameter as TemplateParameter } from '@aws-delivery/template/parameter';
import type { Template } from '@aws-delivery/template/template';
import type { Assignment } from './parameters-document.js';

/** One parameter as the API takes it. */
export type ResolvedParameter =
  | { readonly ParameterKey: string; readonly ParameterValue: string }
  | { readonly ParameterKey: string; readonly UsePreviousValue: true };

/** A parameter that cannot go to AWS as it is. */
export interface ParameterFault {
  readonly parameter: string;
  /** Value, rule and remedy; hidden values are not in it. */
  readonly message: string;
  /** Where the value is given, if that is in a file; else where the template declares the parameter. */
  readonly place: Place;
}

/** What becomes of the parameters. Secrets are values of NoEcho parameters, to be masked before anything is shown. */
export type ParameterResolution = { readonly secrets: readonly string[] } & (
  | {
      readonly kind: 'resolved';
      readonly parameters: readonly ResolvedParameter[];
      /** Lines for the log: values that are not what the template's defaults would make one expect. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly faults: readonly ParameterFault[] }
);

export interface ParameterQuestion {
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
const HIDDEN = '****';

type Values = ReadonlyMap<string, string>;

const NOTHING: Values = new Map();

/** Names of parameters whose previous value stays: asked for, or not mentioned. */
const keptIn = ({ template, assignments, previous = NOTHING, unmentioned }: ParameterQuestion): readonly string[] => {
  const isKept = (name: string): boolean => {
    const kind = assignments.get(name)?.kind;
    return kind === 'previous' || (kind === undefined && unmentioned === 'keep');
  };
  return [...previous.keys()].filter((name) => template.parameters.has(name) && isKept(name));
};

/** What is decided for each parameter, and what that means. */
class Resolver {
  private readonly given: Values;
  private readonly kept: ReadonlySet<string>;
  /** Previous values that stay and are not hidden. */
  private readonly known: Values;

  constructor(private readonly question: ParameterQuestion) {
    const { assignments, previous = NOTHING } = question;
    this.given = new Map(
      [...assignments].flatMap(([name, given]) => (given.kind === 'value' ? [[name, given.value] as const] : [])),
    );
    this.kept = new Set(keptIn(question));
    this.known = new Map([...previous].filter(([name, value]) => this.kept.has(name) && !this.isHidden(name, value)));
  }

  parameters(): readonly ResolvedParameter[] {
    return [
      ...[...this.given].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      ...[...this.kept].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true as const })),
    ];
  }

  secrets(): readonly string[] {
    return [...this.given].filter(([name]) => this.isNoEcho(name)).map(([, value]) => value);
  }

  /** Everything that is wrong, constraints on values that stay included: AWS would check those as well. */
  faults(): readonly ParameterFault[] {
    const { template, assignments } = this.question;
    const unseen = [...this.kept, ...assignments.keys()].filter(
      (name) => !this.known.has(name) && !this.given.has(name),
    );
    const faults = checkParameters(template, new Map([...this.given, ...this.known]), new Set(unseen));
    const groundless = new Map(this.groundless().map((fault) => [fault.parameter, fault]));
    return [
      ...groundless.values(),
      ...faults.filter(({ parameter }) => !groundless.has(parameter)).map((fault) => this.placed(fault)),
    ];
  }

  notes(): readonly string[] {
    const { template, unmentioned } = this.question;
    return [...template.parameters.values()].flatMap((parameter) =>
      unmentioned === 'keep' ? this.noteOfKept(parameter) : this.noteOfReset(parameter),
    );
  }

  private noteOfKept({ name, default: standard }: TemplateParameter): readonly string[] {
    const value = this.known.get(name);
    if (value === undefined || standard === undefined || value === standard || this.isNoEcho(name)) return [];
    const remedy = 'give it a value, or set reset-parameters, to change it';
    return [
      `parameter ${name} keeps '${value}', which the stack has; the template's default is '${standard}': ${remedy}`,
    ];
  }

  private noteOfReset({ name, default: standard }: TemplateParameter): readonly string[] {
    const value = this.question.previous?.get(name);
    const isReset = value !== undefined && !this.given.has(name) && !this.kept.has(name);
    if (!isReset || standard === undefined || value === standard || this.isHidden(name, value)) return [];
    return [`parameter ${name} goes back from '${value}' to the template's default '${standard}'`];
  }

  /** Parameters whose previous value is asked for where there is none. */
  private groundless(): readonly ParameterFault[] {
    const { template, assignments, previous } = this.question;
    const why = previous === undefined ? 'there is no stack yet' : 'the stack has no such parameter';
    return [...assignments]
      .filter(([name, { kind }]) => kind === 'previous' && template.parameters.has(name) && !this.kept.has(name))
      .map(([name, { place }]) => ({
        parameter: name,
        message: `parameter ${name} cannot keep its previous value, ${why}: give it a value`,
        place,
      }));
  }

  private placed({ parameter, message, position }: TemplateFault): ParameterFault {
    const { file, assignments } = this.question;
    const kept = this.known.has(parameter) ? '; it is the value the stack has: give it another' : '';
    const given = assignments.get(parameter)?.place ?? {};
    const declared =
      file === undefined || position === undefined
        ? {}
        : { file, startLine: position.line, startColumn: position.column };
    return { parameter, message: `${message}${kept}`, place: given.file === undefined ? declared : given };
  }

  private isNoEcho(name: string): boolean {
    return this.question.template.parameters.get(name)?.noEcho ?? false;
  }

  private isHidden(name: string, value: string): boolean {
    return value === HIDDEN || this.isNoEcho(name);
  }
}

/**
 * Parameters as they go to AWS: what is given wins; what nobody mentions keeps the value the stack has, where the new
 * template has such a parameter too, or goes back to its default. All that AWS would refuse is found here, before any
 * call: unknown names (with the nearest known one), missing values, broken constraints.
 */
export const resolveParameters = (question: ParameterQuestion): ParameterResolution => {
  const resolver = new Resolver(question);
  const [secrets, faults] = [resolver.secrets(), resolver.faults()];
  if (faults.length > 0) return { kind: 'refused', secrets, faults };
  return { kind: 'resolved', secrets, parameters: resolver.parameters(), notes: resolver.notes() };
};
