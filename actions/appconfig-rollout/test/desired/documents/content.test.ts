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
    ['white space', '{"a":1}', '{\n  "a": 1\n}\n', 'json'],
    ['comments and styles of YAML', 'a: [1, 2]\n', '# why\na:\n  - 1\n  - 2\n', 'yaml'],
  ] as const)('is the same whatever %s', (_label, a, b, format) => {
    expect(createContent(a, format, 'AWS.Freeform').digest).toBe(createContent(b, format, 'AWS.Freeform').digest);
  });

  it.each([
    ['the order of lists', '[1,2]', '[2,1]', 'json'],
    ['types', '{"a":"1"}', '{"a":1}', 'json'],
    ['white space of texts', 'a\n', 'a', 'text'],
    ['ends of lines of texts', 'a\n', 'a\r\n', 'text'],
    ['digits that no double holds', '{"a":12345678901234567890}', '{"a":12345678901234567891}', 'json'],
    ['tags', 'a: !one x\n', 'a: !two x\n', 'yaml'],
    ['what is no number in JSON', 'a: .inf\n', 'a: null\n', 'yaml'],
  ] as const)('differs by %s', (_label, a, b, format) => {
    expect(createContent(a, format, 'AWS.Freeform').digest).not.toBe(createContent(b, format, 'AWS.Freeform').digest);
  });

  it('of feature flags does not change by the stamps of the service', () => {
    const type = 'AWS.AppConfig.FeatureFlags';
    const stamped = '{"version":"1","flags":{"a":{"name":"A","_createdAt":"2026"}}}';
    const plain = '{"version":"1","flags":{"a":{"name":"A"}}}';
    expect(createContent(stamped, 'json', type).digest).toBe(createContent(plain, 'json', type).digest);
    expect(createContent(stamped, 'json', 'AWS.Freeform').digest).not.toBe(
      createContent(plain, 'json', 'AWS.Freeform').digest,
    );
  });

  it('that is deployed and is not what it says is no content', () => {
    expect(parseDeployedContent('{', 'application/json', 'AWS.Freeform')).toBeUndefined();
    expect(parseDeployedContent('{', 'text/plain', 'AWS.Freeform')?.text).toBe('{');
  });

  it('has a label of at most 64 characters that names environment, content and commit', () => {
    const content = createContent('{}', 'json', 'AWS.Freeform');
    const label = formatLabel('a-very-long-environment-name/with things', content, 'f'.repeat(40));
    expect(label).toMatch(/^a-very-long-environm-[0-9a-f]{24}-f{12}$/);
    expect(label.length).toBeLessThanOrEqual(64);
    expect(isLabelFor(label, 'a-very-long-environment-name/with things', content)).toBe(true);
    expect(isLabelFor(label, 'a-very-long-environment-name/with other', content)).toBe(false);
    expect(isLabelFor(undefined, 'dev', content)).toBe(false);
  });
});
