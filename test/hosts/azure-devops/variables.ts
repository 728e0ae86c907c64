/** The environment variable of a name, as in azure-pipelines-agent `VarUtil.ConvertToEnvVariableFormat`. */
export const toEnvName = (name: string): string => name.replaceAll(/[. ]/g, '_').toUpperCase();

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The variables of a job; names are case-insensitive. */
export class JobVariables {
  private readonly variables = new Map<string, Variable>();

  set(name: string, value: string, secret = false): void {
    const before = this.variables.get(name.toLowerCase());
    this.variables.set(name.toLowerCase(), { name, value, secret: secret || before?.secret === true });
  }

  get(name: string): string | undefined {
    return this.variables.get(name.toLowerCase())?.value;
  }

  /** Replaces `$(name)`; macros of unknown variables stay, as on the agent. */
  fill(text: string): string {
    return text.replaceAll(/\$\(([^()\s]+)\)/g, (macro, name: string) => this.get(name) ?? macro);
  }

  get secrets(): readonly string[] {
    return this.filter(true).map(({ value }) => value);
  }

  /** The environment of every step: the public variables. */
  get environment(): Record<string, string> {
    return Object.fromEntries(this.filter(false).map(({ name, value }) => [toEnvName(name), value]));
  }

  /** The environment of a task: also secret variables, and the names of all (azure-pipelines-agent `Handler.cs`). */
  get taskEnvironment(): Record<string, string> {
    const [publicVariables, secret] = [this.filter(false), this.filter(true)];
    return {
      ...this.environment,
      ...Object.fromEntries(secret.map(({ name, value }) => [`SECRET_${toEnvName(name)}`, value])),
      VSTS_PUBLIC_VARIABLES: JSON.stringify(publicVariables.map(({ name }) => name)),
      VSTS_SECRET_VARIABLES: JSON.stringify(secret.map(({ name }) => name)),
    };
  }

  private filter(secret: boolean): readonly Variable[] {
    return [...this.variables.values()].filter((variable) => variable.secret === secret);
  }
}
