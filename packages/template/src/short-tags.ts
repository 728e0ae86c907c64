import type { Value } from './value.js';

const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'ForEach'],
  ...['GetAtt', 'GetAZs', 'GetStackOutput', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select'],
  ...['Split', 'Sub', 'ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'],
];

/** Short tag → key of the long form: `!Sub` → `Fn::Sub`. */
const LONG_FORMS: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Splits `Queue.Arn` into resource and attribute; the attribute may contain dots (`Nested.Outputs.Name`). */
export const splitAttribute = (text: string): readonly string[] => {
  const dot = text.indexOf('.');
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
};

/** The long form of a short tag (`!Sub` → `Fn::Sub`); undefined for an unknown tag. */
export const findLongForm = (tag: string): string | undefined => LONG_FORMS.get(tag);

export const SHORT_TAGS: readonly string[] = [...LONG_FORMS.keys()];

/** The argument in the long form: `!GetAtt A.B` becomes the list of `Fn::GetAtt`. */
export const normalizeArgument = (key: string, value: Value): Value =>
  key === 'Fn::GetAtt' && typeof value === 'string' ? splitAttribute(value) : value;
