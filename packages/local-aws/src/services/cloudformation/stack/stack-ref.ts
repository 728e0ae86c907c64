/** Where a stack lives, and what it is called: what pseudo parameters and ARNs are made of. */
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

/** The ARN of something of CloudFormation: `stack/name/uuid`, `changeSet/name/uuid`. */
export const buildArn = (
  { partition, account, region }: Pick<StackRef, 'partition' | 'account' | 'region'>,
  rest: string,
) => `arn:${partition}:cloudformation:${region}:${account}:${rest}`;

/** Replaces `${Name}`; what is not known stays as it is, so that a typing error in a scenario shows. */
export const expandPlaceholders = (template: string, resolve: (name: string) => string | undefined): string =>
  template.replace(/\$\{([^}]+)\}/g, (placeholder, name: string) => resolve(name) ?? placeholder);
