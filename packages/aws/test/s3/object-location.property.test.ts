import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertProperty } from '../../../../test/assert-property.js';
import { formatS3Uri, formatS3Url, parseObjectAddress } from '../../src/s3/object-location.js';

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,40}[a-z0-9]$/u).filter((name) => !/[.-]{2}/u.test(name));
/** URLs have no segments `.` and `..`: they are resolved. */
const key = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => !text.split('/').some((segment) => segment === '.' || segment === '..'));
const region = fc.constantFrom('eu-west-1', 'us-gov-west-1', 'cn-north-1');

it('reads every s3:// URI that is formatted', () => {
  assertProperty(
    fc.property(bucket, key, (bucketName, objectKey) => {
      const location = { bucket: bucketName, key: objectKey };
      expect(parseObjectAddress(formatS3Uri(location))).toMatchObject(location);
    }),
  );
});

it('reads every https:// URL that is formatted', () => {
  assertProperty(
    fc.property(bucket, key, region, (bucketName, objectKey, regionName) => {
      const location = { bucket: bucketName, key: objectKey };
      expect(parseObjectAddress(formatS3Url(location, regionName))).toMatchObject({ ...location, region: regionName });
    }),
  );
});

it('returns a value for any text', () => {
  assertProperty(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      expect(() => parseObjectAddress(text)).not.toThrow();
    }),
  );
});
