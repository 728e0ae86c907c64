/** Identifies a stack: the source of pseudo parameters and ARNs. */
export interface StackRef {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** The stack's ARN. */
  readonly id: string;
  readonly name: string;
}

export const getUrlSuffix = (partition: string): string =>
  partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';

/** An ARN of CloudFormation for `stack/name/uuid` or `changeSet/name/uuid`. */
export const buildArn = (
  { partition, account, region }: Pick<StackRef, 'partition' | 'account' | 'region'>,
  rest: string,
) => `arn:${partition}:cloudformation:${region}:${account}:${rest}`;
