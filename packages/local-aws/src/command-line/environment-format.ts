export type Environment = Readonly<Record<string, string>>;

/** A value in single quotes, so that a POSIX shell does not expand it. */
const quoteForShell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

const formatLines = (env: Environment, formatLine: (name: string, value: string) => string): string =>
  Object.entries(env)
    .map(([name, value]) => `${formatLine(name, value)}\n`)
    .join('');

const FORMATS = {
  shell: (env: Environment) => formatLines(env, (name, value) => `export ${name}=${quoteForShell(value)}`),
  env: (env: Environment) => formatLines(env, (name, value) => `${name}=${value}`),
  json: (env: Environment) => `${JSON.stringify(env)}\n`,
};

export type EnvironmentFormat = keyof typeof FORMATS;

/** @throws TypeError unless `value` is one of `allowed` */
export const parseFormat = (value: string, allowed: readonly EnvironmentFormat[]): EnvironmentFormat => {
  const format = allowed.find((name) => name === value);
  if (format === undefined) throw new TypeError(`--format '${value}' is not supported: use ${allowed.join(' or ')}`);
  return format;
};

/** Formats environment variables for `eval`, for an env file or as JSON, with a final line break. */
export const formatEnvironment = (env: Environment, format: EnvironmentFormat): string => FORMATS[format](env);
