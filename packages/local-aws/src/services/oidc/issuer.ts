import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Random } from '../../random.js';
import { completeClaims } from './claims.js';
import type { Claims, OidcScenario } from './scenario.js';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export const ALGORITHM = 'RS256';

export interface TokenOptions {
  /** The owner's URL where left out, as at GitHub. */
  readonly audience?: string | undefined;
  /** Claims besides the scenario's. */
  readonly claims?: Claims | undefined;
  /** Server time. */
  readonly at: number;
}

/** Makes identity tokens with GitHub's claims; the STS model trusts its keys. */
export class Issuer {
  /** What the tokens name as their issuer; read late, since `local` depends on the server's port. */
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

  // an RSA key costs a tenth of a second: it is made for the first token
  private getKeyPair(): Promise<KeyPair> {
    this.pair ??= generateKeyPair(ALGORITHM);
    return this.pair;
  }

  /** The public keys, as a JWK set. */
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
