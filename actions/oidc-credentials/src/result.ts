import type { CredentialOrigin, CredentialOutput } from './export/credential-output.js';
import type { Request } from './inputs/parse-request.js';
import type { Credentials } from './role/credentials.js';
import type { Identity } from './role/sts-api.js';
import type { Claims } from './token/claims.js';
import type { TrustDiagnosis } from './trust/trust-diagnosis.js';
import type { ExportedVariable } from './variables/exported-variable.js';

/** Outcome of a run. */
export type Result =
  | {
      readonly kind: 'ready';
      readonly request: Request;
      readonly identity: Identity;
      readonly credentials: Credentials;
      readonly claims: Claims | undefined;
      readonly credentialOutput: CredentialOutput;
      /** Variables of secrets and parameters. */
      readonly variables: readonly ExportedVariable[];
      readonly origin: CredentialOrigin;
    }
  /** The credentials work, but a guard rejects their account or partition. */
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly identity: Identity;
      readonly claims: Claims | undefined;
    }
  /** AWS rejected the token. */
  | { readonly kind: 'denied'; readonly diagnosis: TrustDiagnosis; readonly claims: Claims };
