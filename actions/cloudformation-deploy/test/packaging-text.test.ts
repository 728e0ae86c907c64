import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import { replaceValues } from '../src/packaging-text.js';

const at = (...path: (string | number)[]) => path;
const CODE = at('Resources', 'F', 'Properties', 'Code');

describe('replaceValues', () => {
  it('touches nothing but the value, in YAML', () => {
    const text = `# who owns this
Resources:
  F:   # the function
    Properties:
      Code: ./src   # built before
      Role: !GetAtt R.Arn
`;
    expect(replaceValues(text, [{ path: CODE, value: { S3Bucket: 'b', S3Key: 'k' } }])).toBe(
      text.replace('./src', '{ "S3Bucket": "b", "S3Key": "k" }'),
    );
  });

  it('touches nothing but the value, in JSON', () => {
    const text = '{"Resources":{"F":{"Properties":{"Code":"./src","Other":[1,  2]}}}}';
    expect(replaceValues(text, [{ path: CODE, value: 's3://b/k' }])).toBe(text.replace('./src', 's3://b/k'));
  });

  it.each([
    ['a folded text', 'Code: >-\n        ./a/\n        b\n'],
    ['a text on several lines', 'Code: ./a\n        b\n'],
    ['a quoted text on several lines', 'Code: "./a\\\n        b"\n'],
  ])('keeps every other part on its line after %s', (_, code) => {
    const text = `Resources:\n  F:\n    Properties:\n      ${code}    Type: AWS::Lambda::Function\n`;
    const result = replaceValues(text, [{ path: CODE, value: 's3://b/k' }]);
    const [before, after] = [parseTemplate(text), parseTemplate(result)];
    expect(after.resources.get('F')?.properties).toEqual({ Code: 's3://b/k' });
    expect(after.positionOf(at('Resources', 'F', 'Type'))).toEqual(before.positionOf(at('Resources', 'F', 'Type')));
  });

  it('replaces several values, wherever they stand', () => {
    const text = 'A: [x, {B: y}]\nC: z\n';
    const replacements = [
      { path: at('C'), value: '3' },
      { path: at('A', 0), value: '1' },
      { path: at('A', 1, 'B'), value: '2' },
    ];
    expect(replaceValues(text, replacements)).toBe('A: ["1", {B: "2"}]\nC: "3"\n');
  });

  it('finds what stands under a short tag', () => {
    const text = 'A: !Transform { Name: AWS::Include, Parameters: { Location: ./x } }\n';
    const path = at('A', 'Fn::Transform', 'Parameters', 'Location');
    expect(replaceValues(text, [{ path, value: 's3://b/k' }])).toBe(text.replace('./x', '"s3://b/k"'));
  });

  it('replaces once what is shared by an anchor, and keeps the anchor', () => {
    const text = 'A: &shared\n  Code: ./src\nB: *shared\nC: &code ./c\nD: *code\n';
    const result = replaceValues(text, [
      { path: at('A', 'Code'), value: '1' },
      { path: at('B', 'Code'), value: '1' },
      { path: at('C'), value: '2' },
    ]);
    expect(result).toBe('A: &shared\n  Code: "1"\nB: *shared\nC: &code "2"\nD: *code\n');
  });

  it('quotes what would read otherwise', () => {
    expect(replaceValues('A: x\n', [{ path: at('A'), value: 'a: "b" # c' }])).toBe('A: "a: \\"b\\" # c"\n');
  });

  it('fails rather than leave a value as it was', () => {
    expect(() => replaceValues('A: x\n', [{ path: at('B', 'C'), value: '1' }])).toThrow(/B\.C cannot be found/);
  });
});
