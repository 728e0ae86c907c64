/** The signer of a call. `anonymous` is for operations without a signature (AssumeRoleWithWebIdentity, OIDC). */
export type Principal =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'root'; readonly account: string; readonly accessKeyId: string }
  | {
      readonly kind: 'user';
      readonly account: string;
      readonly accessKeyId: string;
      /** `arn:aws:iam::<account>:user/<name>` */
      readonly arn: string;
    }
  | {
      readonly kind: 'session';
      readonly account: string;
      readonly accessKeyId: string;
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
      readonly arn: string;
      readonly roleArn: string;
      readonly sessionName: string;
      /** Milliseconds since the epoch on the server's clock. */
      readonly expiresAt: number;
    };

/** The account of a principal; `fallback` for an unsigned call. */
export const getPrincipalAccount = (principal: Principal, fallback: string): string =>
  principal.kind === 'anonymous' ? fallback : principal.account;

/** The principal's ARN as in AWS's messages; `anonymous` for an unsigned call. */
export const getPrincipalArn = (principal: Principal, partition = 'aws'): string => {
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'root' ? `arn:${partition}:iam::${principal.account}:root` : principal.arn;
};
