export const getField = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;

export const getStringField = (value: unknown, name: string): string | undefined => {
  const found = getField(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

export const getNumberField = (value: unknown, name: string): number | undefined => {
  const found = getField(value, name);
  return typeof found === 'number' ? found : undefined;
};

/** `com.amazonaws.sts#ExpiredTokenException` and `ExpiredToken` are the same code. */
export const normalizeCode = (code: string): string => code.replace(/^.*#/u, '').replace(/Exception$/u, '');

// The code is in `name` for errors that a client does not model, in `Code` beside a class name for those it does
// (aws-facts §0.3), and in `code` for errors of Node's sockets.
export const getErrorCodes = (error: unknown): string[] =>
  ['Code', 'name', 'code'].flatMap((name) => getStringField(error, name) ?? []).map(normalizeCode);

/** Whether the error carries one of these codes, in `name` or `Code`, with or without the `Exception` suffix. */
export const hasErrorCode = (error: unknown, ...codes: readonly string[]): boolean => {
  const expected = codes.map(normalizeCode);
  return getErrorCodes(error).some((code) => expected.includes(code));
};

/** The code people can look up: `AccessDenied`, `ECONNREFUSED`; undefined where there is none. */
export const getErrorCode = (error: unknown): string | undefined => {
  const [code] = ['Code', 'code', 'name'].flatMap((name) => getStringField(error, name) ?? []);
  return code === undefined || code === 'Error' ? undefined : code.replace(/^.*#/u, '');
};
