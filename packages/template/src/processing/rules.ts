import { TemplateError } from '../error.js';
import { type EvaluationScope, evaluate } from '../intrinsic.js';
import { isListParameter, splitList } from '../parameter.js';
import type { Template } from '../template.js';
import { findIntrinsic, isList, isMapping, isSame, type Mapping, toScalarString, type Value } from '../value.js';

/** What rule functions look up beside parameters; undefined means not found. */
export interface RuleScope extends EvaluationScope {
  readonly parameters: ReadonlyMap<string, string>;
  /** `Fn::RefAll`: the ids of a parameter type in the account and Region. */
  listParameterValues(type: string): readonly string[] | undefined;
  /** `Fn::ValueOf`: an attribute of the resource with an id. */
  findValueAttribute(type: string, id: string, attribute: string): string | undefined;
}

const createRuleError = (message: string): TemplateError => new TemplateError('evaluation', message);

/** The functions that CloudFormation has in Rules alone or reads differently there. */
class RuleEvaluation {
  constructor(
    private readonly template: Template,
    private readonly scope: RuleScope,
  ) {}

  isTrue(expression: Value): boolean {
    const value = this.evaluate(expression);
    if (typeof value === 'boolean' || value === 'true' || value === 'false') return String(value) === 'true';
    throw createRuleError('a rule condition or assertion must be true or false');
  }

  private evaluate(value: Value): Value {
    const { name = '', argument = null } = findIntrinsic(value) ?? {};
    switch (name) {
      case 'Fn::And':
        return this.readList(name, argument).every((item) => this.isTrue(item));
      case 'Fn::Or':
        return this.readList(name, argument).some((item) => this.isTrue(item));
      case 'Fn::Not':
        return !this.readList(name, argument).every((item) => this.isTrue(item));
      case 'Fn::Contains':
        return this.compareMembers(name, argument, (list, item) => list.some((each) => isSame(each, item)));
      case 'Fn::EachMemberEquals':
        return this.compareMembers(name, argument, (list, item) => list.every((each) => isSame(each, item)));
      case 'Fn::EachMemberIn':
        return this.isEachMemberIn(name, argument);
      case 'Fn::RefAll':
        return this.listValues(String(argument));
      case 'Fn::ValueOf':
      case 'Fn::ValueOfAll':
        return this.readAttributes(name, argument);
      default:
        return this.evaluateCommon(name, value, argument);
    }
  }

  private evaluateCommon(name: string, value: Value, argument: Value): Value {
    if (name === 'Fn::Equals') {
      const [left = null, right = null] = this.readList(name, argument).map((item) => this.evaluate(item));
      return isSame(left, right);
    }
    if (name === 'Ref' || name === '') {
      if (isList(value)) return value.map((item) => this.evaluate(item));
      return evaluate(value, this.scope) ?? null;
    }
    throw createRuleError(`${name} is not supported in Rules`);
  }

  private readList(name: string, argument: Value): readonly Value[] {
    const value = findIntrinsic(argument) === undefined ? argument : this.evaluate(argument);
    if (isList(value)) return value;
    throw createRuleError(`${name} requires a list`);
  }

  private compareMembers(
    name: string,
    argument: Value,
    compare: (list: readonly Value[], item: Value) => boolean,
  ): boolean {
    const [list = null, item = null] = this.readList(name, argument);
    return compare(this.readStrings(name, list), this.evaluate(item));
  }

  private isEachMemberIn(name: string, argument: Value): boolean {
    const [members = null, list = null] = this.readList(name, argument).map((item) => this.readStrings(name, item));
    return (members ?? []).every((member) => (list ?? []).some((each) => isSame(each, member)));
  }

  private readStrings(name: string, argument: Value): readonly Value[] {
    return this.readList(name, argument).flatMap((item) => this.evaluate(item));
  }

  private listValues(type: string): readonly string[] {
    const values = this.scope.listParameterValues(type);
    if (values === undefined) throw createRuleError(`Fn::RefAll does not support the parameter type ${type}`);
    return values;
  }

  /** `[parameter, attribute]` of Fn::ValueOf, `[type, attribute]` of Fn::ValueOfAll. */
  private readAttributes(name: string, argument: Value): Value {
    const [subject = '', attribute = ''] = this.readList(name, argument).map((item) => String(item));
    const parameter = this.template.parameters.get(subject);
    const type = name === 'Fn::ValueOf' ? parameter?.type.replace(/^List<(.*)>$/, '$1') : subject;
    if (type === undefined) throw createRuleError(`${name} refers to ${subject}, which is not a parameter`);
    const value = this.scope.parameters.get(subject) ?? '';
    const isMany = parameter === undefined || isListParameter(parameter);
    const ids = parameter === undefined ? this.listValues(type) : isMany ? splitList(value) : [value];
    const values = ids.map((id) => this.scope.findValueAttribute(type, id, attribute));
    if (values.includes(undefined)) throw createRuleError(`${name} finds no attribute ${attribute} of ${subject}`);
    const found = values.filter((each) => each !== undefined);
    return isMany ? found : (found[0] ?? null);
  }
}

const readAssertions = (name: string, rule: Mapping): readonly Mapping[] => {
  const assertions = rule['Assertions'];
  if (isList(assertions) && assertions.length > 0 && assertions.every(isMapping)) return assertions;
  throw new TemplateError('format', `rule ${name} must have a list of Assertions`);
};

/** The descriptions of the assertions of a template's Rules that are false. @throws TemplateError for invalid rules */
export const findViolatedRules = (template: Template, scope: RuleScope): readonly string[] => {
  const rules = template.document['Rules'];
  const evaluation = new RuleEvaluation(template, scope);
  return Object.entries(isMapping(rules) ? rules : {}).flatMap(([name, rule]) => {
    const declaration = isMapping(rule) ? rule : {};
    const assertions = readAssertions(name, declaration);
    const condition = declaration['RuleCondition'];
    if (condition !== undefined && !evaluation.isTrue(condition)) return [];
    return assertions
      .filter(({ Assert: assertion = null }) => !evaluation.isTrue(assertion))
      .map(({ AssertDescription: description }) => toScalarString(description) ?? `rule ${name}`);
  });
};
