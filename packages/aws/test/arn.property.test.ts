import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../test/assert-property.js';
import { parseArn } from '../src/arn.js';

it('reads every ARN', () => {
  const arn = fc.record({
    partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b'),
    service: fc.stringMatching(/^[a-z][a-z0-9-]{1,20}$/u),
    region: fc.constantFrom('', 'eu-west-1', 'us-gov-east-1'),
    account: fc.oneof(fc.constant(''), fc.constant('aws'), fc.stringMatching(/^\d{12}$/u)),
    resource: fc.stringMatching(/^[\w/:.*-]{1,60}$/u),
  });
  assertProperty(
    fc.property(arn, (parts) => {
      const { partition, service, region, account, resource } = parts;
      expect(parseArn(`arn:${partition}:${service}:${region}:${account}:${resource}`, 'input')).toEqual(parts);
    }),
  );
});

it('returns a value or throws an error of ours, for any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom('arn', 'aws', ':', '1'.repeat(12))).map((parts) => parts.join('')),
  );
  assertProperty(
    fc.property(text, (value) => {
      try {
        parseArn(value, 'input');
      } catch (error) {
        expect(error).toBeInstanceOf(DeliveryError);
      }
    }),
  );
});
