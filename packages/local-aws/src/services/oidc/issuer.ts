import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Random } from '../../random.js';
import type { Claims, OidcScenario } from './claims.js';
import { completeClaims } from './claims.js';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export const ALGORITHM = 'RS256';

export interface TokenOptions {
  /** Default: the URL of the repository's owner, as on GitHub. */
  readonly audience?: string | undefined;
  /** Claims in addition to the scenario's. */
  readonly claims?: Claims | undefined;
  /** Server time. */
  readonly at: number;
}

/** Issues identity tokens with GitHub's claims. STS trusts its keys. */
export class Issuer {
  /** The issuer in tokens. A function, because `local` depends on the server's port. */
  readonly getUrl: () => string;
  private readonly keyId: string;
  private pair: Promise<KeyPair> | undefined;

  constructor(
    private readonly scenario: OidcScenario,
    private readonly random: Random,
    getLocalUrl: () => string,
  ) {
    this.keyId = random.hex(16);
    this.getUrl = () => (scenario.issuer === 'local' ? getLocalUrl() : scenario.issuer);
  }

  // Generated for the first token: an RSA key takes about 100 ms.
  private getKeyPair(): Promise<KeyPair> {
    this.pair ??= generateKeyPair(ALGORITHM);
    return this.pair;
  }

  /** The public keys as a JWK set. */
  async getKeys(): Promise<{ readonly keys: readonly object[] }> {
    const jwk = await exportJWK((await this.getKeyPair()).publicKey);
    return { keys: [{ ...jwk, kid: this.keyId, alg: ALGORITHM, use: 'sig' }] };
  }

  async createToken({ audience, claims = {}, at }: TokenOptions): Promise<string> {
    const all = completeClaims(this.scenario.subject, this.scenario.claims, claims);
    const { privateKey } = await this.getKeyPair();
    const iat = Math.floor(at / 1000);
    const exp = iat + Math.floor(this.scenario.lifetime / 1000);
    const aud = audience ?? `https://github.com/${String(all['repository_owner'])}`;
    return new SignJWT({ jti: this.random.uuid(), iss: this.getUrl(), aud, nbf: iat - 300, iat, exp, ...all })
      .setProtectedHeader({ typ: 'JWT', alg: ALGORITHM, kid: this.keyId })
      .sign(privateKey);
  }
}
