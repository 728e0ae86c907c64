// These read texts that users may have written: anything but an ARN gives an empty text and no error.

/** `123456789012` of `arn:aws:iam::123456789012:role/deploy`; empty for any other text. */
export const getArnAccount = (arn: string): string => arn.split(':')[4] ?? '';

/** `aws` of `arn:aws:iam::123456789012:role/deploy`; empty for any other text. */
export const getArnPartition = (arn: string): string => arn.split(':')[1] ?? '';

/** The role's name, without its path. */
export const getRoleName = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf('/') + 1);
