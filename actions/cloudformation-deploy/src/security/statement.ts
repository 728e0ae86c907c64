import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { coversPattern, toTexts } from './policy-pattern.js';

/** Values of an element of a statement; `isNegated` for NotAction, NotResource and NotPrincipal. */
interface Element {
  readonly values: readonly string[];
  readonly isNegated: boolean;
}

type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A statement of a policy in a normal form. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Element;
  readonly resources: Element;
  readonly principals: Element;
  readonly condition: Condition;
}

const readElement = (statement: Readonly<Record<string, unknown>>, name: string): Element => {
  const negated = statement[`Not${name}`];
  const values = toTexts(negated ?? statement[name]);
  return {
    values: name === 'Action' ? values.map((value) => value.toLowerCase()) : values,
    isNegated: negated !== undefined,
  };
};

const toPrincipalTexts = (value: unknown): readonly string[] => {
  if (!isRecord(value)) return toTexts(value).map((text) => (text === '*' ? 'AWS:*' : text));
  return Object.entries(value).flatMap(([kind, names]) =>
    toTexts(names).map((name) => `${kind}:${/^\d{12}$/u.test(name) ? `arn:aws:iam::${name}:root` : name}`),
  );
};

const readPrincipals = ({
  Principal: principal,
  NotPrincipal: negated,
}: Readonly<Record<string, unknown>>): Element => ({
  values: toPrincipalTexts(negated ?? principal),
  isNegated: negated !== undefined,
});

const readCondition = (value: unknown): Condition =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => [key, toTexts(values)])),
    ]),
  );

const readStatement = (statement: Readonly<Record<string, unknown>>): Statement => ({
  effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
  actions: readElement(statement, 'Action'),
  resources: readElement(statement, 'Resource'),
  principals: readPrincipals(statement),
  condition: readCondition(statement['Condition']),
});

/** The statements of a policy document, also of one in a string; undefined for other values. */
export const readPolicyDocument = (value: unknown): readonly Statement[] | undefined => {
  if (typeof value === 'string' && value.trimStart().startsWith('{')) {
    try {
      return readPolicyDocument(JSON.parse(value));
    } catch {
      return undefined;
    }
  }
  if (!isRecord(value)) return undefined;
  const { Statement: statement } = value;
  const items: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (!items.some((item) => isRecord(item) && 'Effect' in item)) return undefined;
  return items.filter(isRecord).map(readStatement);
};

const coversElement = (wide: Element, narrow: Element): boolean => {
  if (!wide.isNegated && wide.values.includes('*')) return true;
  if (wide.isNegated !== narrow.isNegated) return false;
  const [outer, inner] = wide.isNegated ? [narrow, wide] : [wide, narrow];
  return inner.values.every((value) => outer.values.some((pattern) => coversPattern(pattern, value)));
};

/** Whether a condition requires at most what another one requires. Conditions are joined by AND, their values by OR. */
const coversCondition = (wide: Condition, narrow: Condition): boolean =>
  Object.entries(wide).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const others = narrow[operator]?.[key];
      if (others === undefined) return false;
      const isEqual = others.length === values.length && others.every((value) => values.includes(value));
      return isEqual || (!/Not|Null|ForAllValues/u.test(operator) && others.every((value) => values.includes(value)));
    }),
  );

/** Whether a statement has an effect on everything that another one has an effect on. */
export const coversStatement = (wide: Statement, narrow: Statement): boolean =>
  wide.effect === narrow.effect &&
  coversElement(wide.actions, narrow.actions) &&
  coversElement(wide.resources, narrow.resources) &&
  coversElement(wide.principals, narrow.principals) &&
  coversCondition(wide.condition, narrow.condition);

const splitElement = (element: Element): readonly Element[] =>
  element.isNegated || element.values.length === 0
    ? [element]
    : element.values.map((value) => ({ values: [value], isNegated: false }));

/** Above this number of combinations, statements are compared as a whole. */
const MAX_COMBINATIONS = 10_000;

/** Statements with one action, one resource and one principal each, which together are this one. */
export const splitStatement = (statement: Statement): readonly Statement[] => {
  const [actions, resources, principals] = [statement.actions, statement.resources, statement.principals].map(
    splitElement,
  );
  if (actions === undefined || resources === undefined || principals === undefined) return [statement];
  if (actions.length * resources.length * principals.length > MAX_COMBINATIONS) return [statement];
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      principals.map((principal) => ({ ...statement, actions: action, resources: resource, principals: principal })),
    ),
  );
};

const formatElement = (name: string, { values, isNegated }: Element): string => {
  if (values.length === 0) return '';
  return ` ${isNegated ? `not ${name}` : name} ${values.join(', ')}`;
};

/** A statement in one line: `Allow s3:GetObject on arn:aws:s3:::a/* to AWS:*, if …`. */
export const formatStatement = ({ effect, actions, resources, principals, condition }: Statement): string => {
  const suffix = Object.keys(condition).length === 0 ? '' : `, if ${JSON.stringify(condition)}`;
  const action = actions.isNegated ? `all except ${actions.values.join(', ')}` : actions.values.join(', ');
  return `${effect} ${action}${formatElement('on', resources)}${formatElement('to', principals)}${suffix}`;
};
