import type { CredentialOrigin, CredentialOutput } from './export/credential-output.js';
import type { Request } from './inputs/parse-request.js';
import type { Credentials } from './role/credentials.js';
import type { Identity } from './role/identity.js';
import type { TrustDiagnosis } from './role/trust-diagnosis.js';
import type { Claims } from './token/claims.js';

/** How a run ended. */
export type Result =
  | {
      readonly kind: 'ready';
      readonly request: Request;
      readonly identity: Identity;
      readonly credentials: Credentials;
      readonly claims: Claims | undefined;
      readonly credentialOutput: CredentialOutput;
      /** Names of the variables that hold secrets. */
      readonly secrets: readonly string[];
      readonly origin: CredentialOrigin;
    }
  /** The credentials work and may not be used. */
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly identity: Identity;
      readonly claims: Claims | undefined;
    }
  /** The role did not let the token in. */
  | { readonly kind: 'denied'; readonly diagnosis: TrustDiagnosis; readonly claims: Claims };
