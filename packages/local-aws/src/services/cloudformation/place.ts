/** Where a stack lives, and what it is called: what pseudo parameters and ARNs are made of. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** The stack's ARN. */
  readonly id: string;
  readonly name: string;
}

export const urlSuffix = (partition: string): string => (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com');

/** The ARN of something of CloudFormation: `stack/name/uuid`, `changeSet/name/uuid`. */
export const arnOf = ({ partition, account, region }: Pick<Place, 'partition' | 'account' | 'region'>, rest: string) =>
  `arn:${partition}:cloudformation:${region}:${account}:${rest}`;

/** Replaces `${Name}`; what is not known stays as it is, so that a typing error in a scenario shows. */
export const fill = (text: string, look: (name: string) => string | undefined): string =>
  text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => look(name) ?? whole);
