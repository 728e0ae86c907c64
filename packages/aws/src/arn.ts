import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** Parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for global resources. */
  readonly region: string;
  /** Twelve digits, `aws` for AWS's own resources, or empty (S3 buckets). */
  readonly account: string;
  /** Everything after the account: `role/deploy`, `stack/shop/1f0c…`. */
  readonly resource: string;
}

const ARN_PATTERN = /^arn:(aws(?:-[a-z]+)*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|):(\S.*)$/u;

/** Parses an ARN; undefined for any other text. */
export const tryParseArn = (value: string): Arn | undefined => {
  const [, partitionName, service, region, account, resource] = ARN_PATTERN.exec(value) ?? [];
  if (partitionName === undefined || service === undefined || resource === undefined) return undefined;
  return { partition: partitionName, service, region: region ?? '', account: account ?? '', resource };
};

/**
 * Parses an ARN.
 * @param label what the text is, for the message: `input 'role-arn'`
 * @throws DeliveryError `invalid-input` for any other text
 */
export const parseArn = (value: string, label: string): Arn => {
  const arn = tryParseArn(value);
  if (arn !== undefined) return arn;
  throw new DeliveryError(
    'invalid-input',
    `${label} '${value}' is not an ARN: write it as arn:aws:service:region:account:resource`,
  );
};
