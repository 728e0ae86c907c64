import { RunnerError } from '../runner-error.js';
import { type TokenSource, takeAudience } from './token-source.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables in which hosts without one of their own hand a token to every step that asks for it. */
const knownVariables = ['BITBUCKET_STEP_OIDC_TOKEN', 'CIRCLE_OIDC_TOKEN_V2', 'CIRCLE_OIDC_TOKEN'];

/** A token that the host made before the job began; there is no other. */
export class VariableTokenSource implements TokenSource {
  readonly origin: string;
  readonly #name: string;
  readonly #variables: Variables;
  readonly #keyword: string | undefined;

  /** @param keyword where the pipeline's file says the audience, as GitLab's `id_tokens` */
  constructor(name: string, variables: Variables, keyword?: string) {
    this.origin = `the variable '${name}'`;
    this.#name = name;
    this.#variables = variables;
    this.#keyword = keyword;
  }

  /** The token of a host whose variable for it is known; undefined where none is set. */
  static known(variables: Variables): VariableTokenSource | undefined {
    const name = knownVariables.find((variable) => variables[variable]);
    return name === undefined ? undefined : new VariableTokenSource(name, variables);
  }

  remedy(audience: string, has: readonly string[]): string {
    if (this.#keyword === undefined) return takeAudience(has);
    return `write 'aud: ${audience}' for ${this.#name} under '${this.#keyword}' of the job, or ${takeAudience(has)}`;
  }

  async mint(): Promise<string> {
    const token = this.#variables[this.#name]?.trim();
    if (token) return token;
    throw new RunnerError('token-unavailable', `${this.origin} holds no token: let the job ask its host for one`);
  }
}
