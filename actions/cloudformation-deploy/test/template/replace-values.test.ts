import { parseTemplateDocument } from '@aws-delivery/template/document';
import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import { replaceValues } from '../../src/template/replace-values.js';

const toPath = (...path: (string | number)[]) => path;
const CODE = toPath('Resources', 'F', 'Properties', 'Code');

describe('replaceValues', () => {
  it('replaces only the value in YAML', () => {
    const body = `# who owns this
Resources:
  F:   # the function
    Properties:
      Code: ./src   # built before
      Role: !GetAtt R.Arn
`;
    expect(replaceValues(body, [{ path: CODE, value: { S3Bucket: 'b', S3Key: 'k' } }])).toBe(
      body.replace('./src', '{ "S3Bucket": "b", "S3Key": "k" }'),
    );
  });

  it('replaces only the value in JSON', () => {
    const body = '{"Resources":{"F":{"Properties":{"Code":"./src","Other":[1,  2]}}}}';
    expect(replaceValues(body, [{ path: CODE, value: 's3://b/k' }])).toBe(body.replace('./src', 's3://b/k'));
  });

  it.each([
    ['a folded text', 'Code: >-\n        ./a/\n        b\n'],
    ['a text on several lines', 'Code: ./a\n        b\n'],
    ['a quoted text on several lines', 'Code: "./a\\\n        b"\n'],
  ])('keeps all line numbers after %s', (_, code) => {
    const body = `Resources:\n  F:\n    Properties:\n      ${code}    Type: AWS::Lambda::Function\n`;
    const result = replaceValues(body, [{ path: CODE, value: 's3://b/k' }]);
    const [before, after] = [parseTemplate(body), parseTemplate(result)];
    expect(after.resources.get('F')?.properties).toEqual({ Code: 's3://b/k' });
    expect(after.getPosition(toPath('Resources', 'F', 'Type'))).toEqual(
      before.getPosition(toPath('Resources', 'F', 'Type')),
    );
  });

  it('replaces several values anywhere in the document', () => {
    const body = 'A: [x, {B: y}]\nC: z\n';
    const replacements = [
      { path: toPath('C'), value: '3' },
      { path: toPath('A', 0), value: '1' },
      { path: toPath('A', 1, 'B'), value: '2' },
    ];
    expect(replaceValues(body, replacements)).toBe('A: ["1", {B: "2"}]\nC: "3"\n');
  });

  it('replaces a value under a short tag', () => {
    const body = 'A: !Transform { Name: AWS::Include, Parameters: { Location: ./x } }\n';
    const path = toPath('A', 'Fn::Transform', 'Parameters', 'Location');
    expect(replaceValues(body, [{ path, value: 's3://b/k' }])).toBe(body.replace('./x', '"s3://b/k"'));
  });

  it('replaces aliases and merge keys with what they stand for, and keeps all line numbers', () => {
    const body = 'A: &shared\n  Code: ./src\nB: *shared\nC: &code ./c\nD: *code\n';
    const result = replaceValues(body, [
      { path: toPath('A', 'Code'), value: '1' },
      { path: toPath('B', 'Code'), value: '1' },
      { path: toPath('C'), value: '2' },
      { path: toPath('D'), value: '2' },
    ]);
    expect(result).toBe('A: \n  Code: "1"\nB: { "Code": "1" }\nC: "2"\nD: "2"\n');
  });

  it.each([
    [
      'a merge key of a block mapping',
      'P: &p {X: ./x, Y: 1}\nA:\n  <<: *p\n  Y: 2 # own\nB: end\n',
      'P: {X: ./x, Y: 1}\nA:\n  { "Y": 2, "X": "./x" }\n # own\nB: end\n',
    ],
    ['an alias in a list', 'P: &p !Ref A\nL:\n  - *p\n  - b\n', 'P: !Ref A\nL:\n  - { "Ref": "A" }\n  - b\n'],
    ['an alias as a key', 'P: &p k\nM:\n  *p : v\n', 'P: k\nM:\n  "k" : v\n'],
    ['an unused anchor', 'P: &p\n  K: v\n', 'P: \n  K: v\n'],
    ['a line separator in an alias', 'P: &p "a\\u2028b"\nQ: *p\n', undefined],
  ])('resolves %s without replacements', (_, body, expected) => {
    const result = replaceValues(body, []);
    if (expected !== undefined) expect(result).toBe(expected);
    expect(result).not.toMatch(/[&*]p/u);
    expect(parseTemplateDocument(result).value).toEqual(parseTemplateDocument(body).value);
    expect(result.split('\n')).toHaveLength(body.split('\n').length);
  });

  it('quotes values that YAML would read as another type', () => {
    expect(replaceValues('A: x\n', [{ path: toPath('A'), value: 'a: "b" # c' }])).toBe('A: "a: \\"b\\" # c"\n');
  });

  it('throws if the path does not exist', () => {
    expect(() => replaceValues('A: x\n', [{ path: toPath('B', 'C'), value: '1' }])).toThrow(/B\.C was not found/);
  });
});
