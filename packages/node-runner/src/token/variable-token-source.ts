import type { Env } from '@aws-delivery/action-kit/util/env';
import { RunnerError } from '../runner-error.js';
import { formatAudienceHint, type TokenSource } from './token-source.js';

/** Token variables of CI systems without their own host class. */
const KNOWN_VARIABLES = ['BITBUCKET_STEP_OIDC_TOKEN', 'CIRCLE_OIDC_TOKEN_V2', 'CIRCLE_OIDC_TOKEN'];

/** A token that the host issued before the job; it cannot be renewed. */
export class VariableTokenSource implements TokenSource {
  readonly origin: string;
  private readonly name: string;
  private readonly env: Env;
  private readonly audienceKeyword: string | undefined;

  /** @param audienceKeyword keyword of the pipeline file with the audience, such as GitLab's `id_tokens` */
  constructor(name: string, env: Env, audienceKeyword?: string) {
    this.origin = `the variable '${name}'`;
    this.name = name;
    this.env = env;
    this.audienceKeyword = audienceKeyword;
  }

  /** The first known token variable that is set; undefined if none is. */
  static detect(env: Env): VariableTokenSource | undefined {
    const name = KNOWN_VARIABLES.find((variable) => env[variable]);
    return name === undefined ? undefined : new VariableTokenSource(name, env);
  }

  getAudienceHint(audience: string, audiences: readonly string[]): string {
    if (this.audienceKeyword === undefined) return formatAudienceHint(audiences);
    return `set 'aud: ${audience}' for ${this.name} under '${this.audienceKeyword}' of the job, or ${formatAudienceHint(audiences)}`;
  }

  async mint(): Promise<string> {
    const token = this.env[this.name]?.trim();
    if (token) return token;
    throw new RunnerError(
      'token-unavailable',
      `${this.origin} is empty: configure the job to request a token from its host`,
    );
  }
}
