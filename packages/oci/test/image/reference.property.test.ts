import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../../test/assert-property.js';
import { parseReference, parseRepository, parseTag } from '../../src/image/reference.js';

const segment = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8}){0,3}$/u);
const repository = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const registry = fc.constantFrom(
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  'localhost:5000',
  'quay.io',
  'localhost',
);
const tag = fc.stringMatching(/^\w[\w.-]{0,127}$/u);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/u).map((hex) => `sha256:${hex}`);

it('reads every reference', () => {
  assertProperty(
    fc.property(registry, repository, fc.option(tag), fc.option(digest), (host, name, tagName, content) => {
      const raw = `${host}/${name}${tagName === null ? '' : `:${tagName}`}${content === null ? '' : `@${content}`}`;
      const expectedTag = tagName ?? (content === null ? 'latest' : undefined);
      expect(parseReference(raw)).toEqual({
        registry: host,
        repository: name,
        tag: expectedTag,
        digest: content ?? undefined,
      });
    }),
  );
});

describe.each([
  ['a reference', parseReference],
  ['a repository', parseRepository],
  ['a tag', parseTag],
])('the parser of %s', (_, parse) => {
  it('returns a value or throws an error of ours, for any text', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'ab0._-/:@'), maxLength: 300 });
    assertProperty(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), hostile), (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(DeliveryError);
        }
      }),
    );
  });
});
