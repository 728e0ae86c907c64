import { describe, expect, it } from '@jest/globals';
import { validateParameters } from '../src/parameter-validation.js';
import { parseTemplate } from '../src/template.js';

const template = (declaration: string) =>
  parseTemplate(`Parameters:\n  P: ${declaration}\nResources: { T: { Type: AWS::SNS::Topic } }\n`);

const listBrokenRules = (declaration: string, value: string) =>
  validateParameters(template(declaration), new Map([['P', value]])).map(({ rule }) => rule);

describe('validateParameters', () => {
  it.each([
    ['{ Type: Number, MinValue: 1, MaxValue: 10 }', '0', ['min-value']],
    ['{ Type: Number, MinValue: 1, MaxValue: 10 }', '11', ['max-value']],
    ['{ Type: Number, MinValue: 1, MaxValue: 10 }', '10', []],
    ['{ Type: Number }', 'ten', ['not-a-number']],
    ['{ Type: Number }', '', ['not-a-number']],
    ['{ Type: String, AllowedValues: [dev, prod] }', 'test', ['allowed-values']],
    ['{ Type: String, AllowedPattern: "[a-z]+" }', 'abc1', ['allowed-pattern']],
    ['{ Type: String, AllowedPattern: "a|b" }', 'b', []],
    ['{ Type: String, AllowedPattern: "\\\\p{Alpha}++" }', '1', []],
    ['{ Type: String, AllowedPattern: "[\\\\p{Alnum}-]+" }', 'shop-1', []],
    ['{ Type: String, AllowedPattern: "\\\\A[a-z]+\\\\z" }', 'shop', []],
    ['{ Type: String, AllowedPattern: "\\\\Qa.b\\\\E" }', 'a.b', []],
    ['{ Type: String, AllowedPattern: "[a-z&&[^q]]+" }', 'shop', []],
    ['{ Type: String, AllowedPattern: "[a-c[x-z]]+" }', 'ax', []],
    ['{ Type: String, AllowedPattern: "[\\\\w-.]+/\\\\d{2}\\\\.x" }', 'a.b/12.x', []],
    ['{ Type: String, AllowedPattern: "[\\\\w-.]+/\\\\d{2}\\\\.x" }', 'a.b/12-x', ['allowed-pattern']],
    ['{ Type: String, AllowedPattern: "\\\\[[a-z]+\\\\]" }', '[1]', ['allowed-pattern']],
    ['{ Type: String, MinLength: 2 }', 'a', ['min-length']],
    ['{ Type: String, MaxLength: 2 }', 'abc', ['max-length']],
    ['{ Type: String }', 'x'.repeat(4097), ['too-long']],
    ['{ Type: List<Number> }', '1, 2,3', []],
    ['{ Type: List<Number> }', '1,b', ['not-a-number']],
    ['{ Type: CommaDelimitedList, AllowedValues: [a, b] }', 'a,c', ['allowed-values']],
    ['{ Type: AWS::SSM::Parameter::Value<List<String>>, AllowedPattern: "/.*" }', '/path/a,b', []],
  ])('validates %s with value %p', (declaration, value, rules) => {
    expect(listBrokenRules(declaration, value)).toEqual(rules);
  });

  it('requires a value for a parameter without a default', () => {
    const [issue] = validateParameters(template('{ Type: String, Description: name of the queue }'), new Map());
    expect(issue).toMatchObject({
      rule: 'missing',
      message: 'parameter P has no default: set a value (name of the queue)',
      position: { line: 2 },
    });
    expect(validateParameters(template('{ Type: String, Default: "" }'), new Map())).toEqual([]);
  });

  it('validates defaults', () => {
    expect(validateParameters(template('{ Type: Number, Default: 0, MinValue: 1 }'), new Map())).toHaveLength(1);
  });

  it('accepts a retained previous value unseen', () => {
    expect(validateParameters(template('{ Type: String }'), new Map(), new Set(['P']))).toEqual([]);
  });

  it('suggests the closest name for an unknown parameter', () => {
    const issues = validateParameters(
      parseTemplate('Parameters: { ShardCount: { Type: Number, Default: 1 } }\nResources: { T: { Type: X } }'),
      new Map([['ShardCuont', '1']]),
    );
    expect(issues.map(({ message }) => message)).toEqual([
      'the template has no parameter ShardCuont: did you mean ShardCount',
    ]);
  });

  it('shortens a long value', () => {
    const [issue] = validateParameters(
      parseTemplate('Parameters: { P: { Type: Number } }\nResources: { T: { Type: X } }'),
      new Map([['P', 'x'.repeat(5000)]]),
    );
    expect(issue?.message).toBe(`parameter P is '${'x'.repeat(77)}...', but must have at most 4096 bytes`);
  });

  it('lists the declared parameters when no name is close', () => {
    const [issue] = validateParameters(template('{ Type: String, Default: a }'), new Map([['Environment', 'x']]));
    expect(issue?.message).toBe('the template has no parameter Environment: it declares P');
  });

  it('reports the value, the rule and the ConstraintDescription', () => {
    const declaration = '{ Type: Number, MinValue: 1, ConstraintDescription: from 1 to 10 }';
    const [issue] = validateParameters(template(declaration), new Map([['P', '0']]));
    expect(issue?.message).toBe("parameter P is '0', but must be at least 1 (from 1 to 10)");
  });

  it('hides the value of a NoEcho parameter', () => {
    const [issue] = validateParameters(
      template('{ Type: String, NoEcho: true, MinLength: 20 }'),
      new Map([['P', 's3cret']]),
    );
    expect(issue?.message).toBe('parameter P is a hidden value, but must have at least 20 characters');
  });
});
