import { describe, expect, it } from '@jest/globals';
import {
  createContent,
  formatLabel,
  isLabelFor,
  parseDeployedContent,
} from '../../../src/desired/documents/content.js';

describe('content', () => {
  it.each([
    ['the order of keys', '{"a":1,"b":2}', '{"b":2,"a":1}', 'json'],
    ['escapes', '{"a":"\\u0041"}', '{"a":"A"}', 'json'],
    ['white space', '{"a":1}', '{\n  "a": 1\n}\n', 'json'],
    ['comments and styles of YAML', 'a: [1, 2]\n', '# why\na:\n  - 1\n  - 2\n', 'yaml'],
  ] as const)('has the same digest regardless of %s', (_label, a, b, format) => {
    expect(createContent(a, format, 'AWS.Freeform').digest).toBe(createContent(b, format, 'AWS.Freeform').digest);
  });

  it.each([
    ['order of lists', '[1,2]', '[2,1]', 'json'],
    ['types', '{"a":"1"}', '{"a":1}', 'json'],
    ['white space in text', 'a\n', 'a', 'text'],
    ['line ends in text', 'a\n', 'a\r\n', 'text'],
    ['digits', '{"a":1.0}', '{"a":1}', 'json'],
    ['digits beyond a double', '{"a":12345678901234567890}', '{"a":12345678901234567891}', 'json'],
    ['tags', 'a: !one x\n', 'a: !two x\n', 'yaml'],
    ['values that are not numbers in JSON', 'a: .inf\n', 'a: null\n', 'yaml'],
  ] as const)('has a different digest for different %s', (_label, a, b, format) => {
    expect(createContent(a, format, 'AWS.Freeform').digest).not.toBe(createContent(b, format, 'AWS.Freeform').digest);
  });

  it('of feature flags ignores the timestamps of AppConfig', () => {
    const type = 'AWS.AppConfig.FeatureFlags';
    const stamped =
      '{"version":"1","flags":{"a":{"name":"A","_createdAt":"2026"}},"values":{"a":{"enabled":true,"n":1.0,"_updatedAt":"2026","_variants":[]}}}';
    const plain = '{"version":"1","flags":{"a":{"name":"A"}},"values":{"a":{"enabled":true,"n":1}}}';
    expect(createContent(stamped, 'json', type).digest).toBe(createContent(plain, 'json', type).digest);
    expect(createContent(stamped, 'json', 'AWS.Freeform').digest).not.toBe(
      createContent(plain, 'json', 'AWS.Freeform').digest,
    );
  });

  it('is undefined for a deployed version that does not match its content type', () => {
    expect(parseDeployedContent('{', 'application/json', 'AWS.Freeform')).toBeUndefined();
    expect(parseDeployedContent('{', 'text/plain', 'AWS.Freeform')?.text).toBe('{');
  });

  it('has a label of at most 64 characters with environment, content and commit', () => {
    const content = createContent('{}', 'json', 'AWS.Freeform');
    const label = formatLabel('a-very-long-environment-name/with things', content, 'f'.repeat(40));
    expect(label).toMatch(/^a-very-long-environm-[0-9a-f]{24}-f{12}$/);
    expect(label.length).toBeLessThanOrEqual(64);
    expect(isLabelFor(label, 'a-very-long-environment-name/with things', content)).toBe(true);
    expect(isLabelFor(label, 'a-very-long-environment-name/with other', content)).toBe(false);
    expect(isLabelFor(undefined, 'dev', content)).toBe(false);
  });
});
